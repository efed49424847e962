namespace Serverless.Api.Tests.OpenApi.Contract;

/// <summary>
/// Lists in what the facts of two documents differ, a line each. Schemas are compared where an operation uses them, not by name.
/// </summary>
internal sealed class ContractComparison
{
    private readonly ContractFacts _reference;
    private readonly ContractFacts _ours;
    private readonly HashSet<(string, string, string)> _compared = [];
    private readonly Queue<(string Side, string Reference, string Ours)> _waiting = [];
    private readonly SortedSet<string> _differences = new(StringComparer.Ordinal);

    private ContractComparison(ContractFacts reference, ContractFacts ours)
    {
        _reference = reference;
        _ours = ours;
    }

    /// <summary>The differences.</summary>
    public static IReadOnlyCollection<string> Compare(ContractFacts reference, ContractFacts ours)
    {
        ContractComparison comparison = new(reference, ours);
        comparison.CompareAll();
        return comparison._differences;
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
            CompareSchema(pair.Side, pair.Reference, pair.Ours);
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

        CompareMembers("parameter", $"parameter of {name}:", reference.Parameters, ours.Parameters);
        CompareMembers("answer", $"answer of {name}:", reference.Answers, ours.Answers);
        if (reference.Body is null != ours.Body is null)
        {
            _differences.Add($"body of {name}: {ours.Body ?? "nothing"}, not {reference.Body ?? "nothing"}");
        }
        else if (reference.Body is not null)
        {
            if (reference.Body.EndsWith('!') != ours.Body!.EndsWith('!'))
            {
                _differences.Add($"body of {name}: {(ours.Body.EndsWith('!') ? "required" : "not required")}");
            }

            CompareType("body", $"body of {name}", reference.Body.TrimEnd('!'), ours.Body.TrimEnd('!'));
        }
    }

    private void CompareSchema(string side, string name, string oursName)
    {
        var reference = _reference.Schemas[name];
        var ours = _ours.Schemas[oursName];
        if (reference.Closed != ours.Closed && side == "body")
        {
            _differences.Add($"body {name}: other members are {(ours.Closed ? "refused" : "ignored")}");
        }

        CompareMembers(side, $"{side} {name}", reference.Members, ours.Members);
    }

    private void CompareMembers(
        string side,
        string place,
        SortedDictionary<string, string> reference,
        SortedDictionary<string, string> ours
    )
    {
        var others = ours.ToDictionary(member => member.Key.TrimEnd('!'));
        foreach ((var key, var type) in reference)
        {
            var name = key.TrimEnd('!');
            if (!others.Remove(name, out var member))
            {
                _differences.Add($"{place} {name}: missing");
                continue;
            }

            if (key != member.Key)
            {
                _differences.Add($"{place} {name}: {(member.Key == name ? "not required" : "required")}");
            }

            CompareType(side, $"{place} {name}", type, member.Value);
        }

        foreach (var name in others.Keys)
        {
            _differences.Add($"{place} {name}: not in the reference");
        }
    }

    private void CompareType(string side, string place, string reference, string ours)
    {
        var (theirs, own) = (ContractType.Of(reference), ContractType.Of(ours));
        if (theirs.Shape != own.Shape)
        {
            _differences.Add($"{place}: {own.Text}, not {theirs.Text}");
            return;
        }

        if (theirs.IsNullable != own.IsNullable)
        {
            _differences.Add($"{place}: {(own.IsNullable ? "may be null" : "never null")}");
        }

        if (theirs.Default != own.Default)
        {
            _differences.Add($"{place}: default {own.Default ?? "none"}, not {theirs.Default ?? "none"}");
        }

        _differences.UnionWith(own.Bounds.Except(theirs.Bounds).Select(bound => $"{place}: also {bound}"));
        _differences.UnionWith(theirs.Bounds.Except(own.Bounds).Select(bound => $"{place}: lacks {bound}"));
        foreach ((var name, var ourName) in theirs.Names.Zip(own.Names))
        {
            if (_compared.Add((side, name, ourName)))
            {
                _waiting.Enqueue((side, name, ourName));
            }
        }
    }
}
