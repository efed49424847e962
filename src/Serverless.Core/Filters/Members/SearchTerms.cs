using System.Text;

namespace Serverless.Core.Filters;

/// <summary>A parsed search in texts.</summary>
internal sealed class SearchTerms
{
    private readonly List<string> _any = [];
    private readonly List<string> _none = [];
    private readonly List<string> _all = [];

    /// <summary>Reads a search; every text is one.</summary>
    public static SearchTerms Parse(string query)
    {
        var terms = new SearchTerms();
        var at = 0;
        while (at < query.Length)
        {
            if (char.IsWhiteSpace(query[at]))
            {
                at++;
                continue;
            }

            var list = terms._any;
            if (query[at] is '-' or '!' or '+')
            {
                list = query[at++] == '+' ? terms._all : terms._none;
                if (at == query.Length || char.IsWhiteSpace(query[at]))
                {
                    continue; // A sign on its own says nothing.
                }
            }

            var term = query[at] == '"' ? Phrase(query, ref at) : Word(query, ref at);
            if (!string.IsNullOrWhiteSpace(term))
            {
                list.Add(term);
            }
        }

        return terms;
    }

    /// <summary>True when <paramref name="text"/> is what is searched for.</summary>
    public bool Matches(string text)
    {
        bool Has(string term) => text.Contains(term, StringComparison.OrdinalIgnoreCase);
        return (_any.Count == 0 || _any.Exists(Has)) && !_none.Exists(Has) && _all.TrueForAll(Has);
    }

    private static string Word(string query, ref int at)
    {
        var start = at;
        while (at < query.Length && !char.IsWhiteSpace(query[at]) && query[at] != '"')
        {
            at++;
        }

        return query[start..at];
    }

    private static string Phrase(string query, ref int at)
    {
        var phrase = new StringBuilder();
        at++;
        while (at < query.Length && query[at] != '"')
        {
            if (query[at] == '\\' && at + 1 < query.Length && query[at + 1] is '"' or '\\')
            {
                at++;
            }

            phrase.Append(query[at++]);
        }

        at++; // The closing quote, or one past the end of a phrase that nobody closed.
        return phrase.ToString();
    }
}
