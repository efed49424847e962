using System.Text.RegularExpressions;

namespace Serverless.Api.Tests.OpenApi.Contract;

/// <summary>Lists in what the facts of two documents differ, a line each. Schemas are compared where an operation uses them, not by name.</summary>
internal sealed partial class Contract
{
    private readonly ContractFacts _reference;
    private readonly ContractFacts _ours;
    private readonly HashSet<(string, string)> _compared = [];
    private readonly Queue<(string Reference, string Ours)> _waiting = [];
    private readonly SortedSet<string> _differences = new(StringComparer.Ordinal);

    private Contract(ContractFacts reference, ContractFacts ours)
    {
        _reference = reference;
        _ours = ours;
    }

    /// <summary>The differences.</summary>
    public static IReadOnlyCollection<string> Compare(ContractFacts reference, ContractFacts ours)
    {
        Contract contract = new(reference, ours);
        contract.CompareAll();
        return contract._differences;
    }

    private void CompareAll()
    {
        foreach ((var name, var reference) in _reference.Operations)
        {
            if (_ours.Operations.TryGetValue(name, out var ours))
            {
                CompareOperation(name, reference, ours);
            }
            else
            {
                _differences.Add($"{reference.Tag}: {name}: missing");
            }
        }

        foreach ((var name, var operation) in _ours.Operations.Where(operation => !_reference.Operations.ContainsKey(operation.Key)))
        {
            _differences.Add($"{operation.Tag}: {name}: not in the reference");
        }

        while (_waiting.TryDequeue(out var pair))
        {
            CompareSchema(pair.Reference, _reference.Schemas[pair.Reference], pair.Ours, _ours.Schemas[pair.Ours]);
        }
    }

    private void CompareOperation(string name, ContractOperation reference, ContractOperation ours)
    {
        if (reference.Id != ours.Id)
        {
            _differences.Add($"{name}: its name is {ours.Id}, not {reference.Id}");
        }

        if (reference.Tag != ours.Tag)
        {
            _differences.Add($"{name}: its tag is '{ours.Tag}', not '{reference.Tag}'");
        }

        CompareMembers($"{name} parameter", reference.Parameters, ours.Parameters);
        CompareMembers($"{name} answer", reference.Answers, ours.Answers);
        if (reference.Body is null != ours.Body is null)
        {
            _differences.Add($"{name}: its body is {ours.Body ?? "nothing"}, not {reference.Body ?? "nothing"}");
        }
        else if (reference.Body is not null)
        {
            CompareType($"{name} body", reference.Body, ours.Body!);
        }
    }

    private void CompareSchema(string name, ContractSchema reference, string oursName, ContractSchema ours)
    {
        if (reference.Closed != ours.Closed)
        {
            _differences.Add($"{name} ({oursName}): other members are {(ours.Closed ? "refused" : "ignored")}");
        }

        CompareMembers(name, reference.Members, ours.Members);
    }

    private void CompareMembers(string place, SortedDictionary<string, string> reference, SortedDictionary<string, string> ours)
    {
        var theirs = ours.ToDictionary(member => member.Key.TrimEnd('!'));
        foreach ((var key, var type) in reference)
        {
            var name = key.TrimEnd('!');
            if (!theirs.Remove(name, out var member))
            {
                _differences.Add($"{place} {name}: missing");
                continue;
            }

            if (key != member.Key)
            {
                _differences.Add($"{place} {name}: {(member.Key == name ? "not required" : "required")}");
            }

            CompareType($"{place} {name}", type, member.Value);
        }

        foreach (var name in theirs.Keys)
        {
            _differences.Add($"{place} {name}: not in the reference");
        }
    }

    private void CompareType(string place, string reference, string ours)
    {
        var names = Names(reference);
        var ourNames = Names(ours);
        if (Shape(reference) != Shape(ours))
        {
            _differences.Add($"{place}: {ours}, not {reference}");
        }
        else
        {
            foreach (var pair in names.Zip(ourNames))
            {
                if (_compared.Add(pair))
                {
                    _waiting.Enqueue(pair);
                }
            }
        }
    }

    private static List<string> Names(string type) => [.. SchemaName().Matches(type).Select(match => match.Value[1..])];

    private static string Shape(string type) => SchemaName().Replace(type, "#");

    [GeneratedRegex(@"#[\w.-]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SchemaName();
}
