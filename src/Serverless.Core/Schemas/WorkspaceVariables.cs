using System.Runtime.InteropServices;
using System.Text.Json;

namespace Serverless.Core.Schemas;

/// <summary>
/// The values of variables as far as they are known, and the names that parameters ask for and nobody has looked up yet.
/// </summary>
public sealed class WorkspaceVariables
{
    /// <summary>
    /// Most bytes of JSON that the values put into one set of parameters may have together: a short request may name a long value often.
    /// </summary>
    public const int MostBytes = 524_288;

    private readonly Dictionary<string, (bool Exists, JsonElement? Value)> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _wanted = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>The names whose values are to be looked up.</summary>
    public IReadOnlyCollection<string> Wanted => _wanted;

    /// <summary>Takes the values of the names that were wanted; a name that is not among them has no variable.</summary>
    /// <param name="found">The values by name.</param>
    public void Learn(IReadOnlyDictionary<string, JsonElement?> found)
    {
        ArgumentNullException.ThrowIfNull(found);
        foreach (var name in _wanted)
        {
            _known[name] = found.TryGetValue(name, out var value) ? (true, value) : (false, null);
        }

        _wanted.Clear();
    }

    /// <summary>Begins anew with the parameters.</summary>
    internal void Begin() => _bytes = 0;

    /// <summary>The value of a name; false when it has to be looked up first.</summary>
    /// <exception cref="HydrationException">There is no such variable, or the values are too large together.</exception>
    internal bool TryUse(string name, out JsonElement? value)
    {
        value = null;
        if (!_known.TryGetValue(name, out var known))
        {
            _wanted.Add(name);
            return false;
        }

        if (!known.Exists)
        {
            throw NotFound(name);
        }

        _bytes += known.Value is { } used ? JsonMarshal.GetRawUtf8Value(used).Length : 0;
        if (_bytes > MostBytes)
        {
            throw new HydrationException($"The values of the variables are too large together: at most {MostBytes} bytes.");
        }

        value = known.Value;
        return true;
    }

    /// <summary>There is no variable of a name.</summary>
    internal static HydrationException NotFound(string name) => new($"Variable '{name}' not found in workspace.");
}
