using Azure.Core;

namespace Azure.Data.Tables.Internal;

/// <summary>The answer to one action of a transaction.</summary>
internal sealed class TransactionPartResponse(int status, string reason, Dictionary<string, string> headers, Stream content) : Response
{
    public override int Status => status;

    public override string ReasonPhrase => reason;

    public override Stream ContentStream { get; set; } = content;

    public override string ClientRequestId { get; set; }

    public override bool IsError => status >= 400;

    public override void Dispose() => ContentStream?.Dispose();

    protected override bool ContainsHeader(string name) => headers.ContainsKey(name);

    protected override IEnumerable<HttpHeader> EnumerateHeaders() => headers.Select(header => new HttpHeader(header.Key, header.Value));

    protected override bool TryGetHeader(string name, out string value) => headers.TryGetValue(name, out value);

    protected override bool TryGetHeaderValues(string name, out IEnumerable<string> values)
    {
        bool found = headers.TryGetValue(name, out string value);
        values = found ? [value] : null;
        return found;
    }
}
