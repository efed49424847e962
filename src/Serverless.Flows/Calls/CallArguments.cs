using System.Linq.Expressions;
using System.Reflection;
using System.Text;
using Serverless.Flows.Binding;

namespace Serverless.Flows.Calls;

/// <summary>
/// The arguments of a call. What does not depend on futures or on the item of a map is written to JSON at once, so that later
/// changes of the flow's variables cannot reach it.
/// </summary>
internal sealed class CallArguments
{
    private const int ItemsWorthCompiling = 64;

    private readonly CallSite _site;
    private readonly List<Slot> _slots = [];
    private readonly Dictionary<string, FutureCapture> _futures = new(StringComparer.Ordinal);

    internal CallArguments(CallSite site)
    {
        _site = site;
        for (var i = 0; i < site.Arguments.Count; i++)
        {
            if (site.Definition.Callable.Parameters[i] is { Kind: ParameterKind.Value } parameter)
            {
                _slots.Add(SlotOf(parameter, site.Arguments[i]));
            }
        }
    }

    /// <summary>Whether the arguments wait for other calls.</summary>
    internal bool HasFutures => _futures.Count > 0;

    /// <summary>Whether the items of the map are futures themselves.</summary>
    internal bool HasFutureItems => _site.Item is { } item && typeof(TaskFuture).IsAssignableFrom(item.Type);

    /// <summary>Whether the call asks for the state of an item that is a future: it may end as it likes.</summary>
    internal bool TakesStateOfItem { get; private set; }

    /// <summary>Waits for the futures in the arguments.</summary>
    /// <returns>The runs that each parameter's value comes from.</returns>
    /// <exception cref="RunException">One of them did not complete.</exception>
    internal async Task<IReadOnlyDictionary<string, IReadOnlyList<Guid>>> WhenReadyAsync()
    {
        var upstream = new Dictionary<string, IReadOnlyList<Guid>>(StringComparer.Ordinal);
        foreach (var (parameter, futures) in _futures)
        {
            var runs = new List<Guid>(futures.Futures.Count + futures.States.Count);
            var isWhole = _slots.Exists(slot => slot.Parameter.WireName == parameter && slot.Stored is not null);
            foreach (var future in futures.Futures.Distinct())
            {
                runs.Add((await future.CompletedAsync()).InputId);
            }

            foreach (var future in futures.States.Distinct().Except(futures.Futures))
            {
                if (await future.EndedAsync() is { } ended)
                {
                    runs.Add(ended.InputId);
                }
            }

            if (!isWhole)
            {
                await Task.WhenAll(futures.Futures.Distinct().Select(future => future.LoadAsync()));
            }

            upstream[parameter] = runs;
        }

        return upstream;
    }

    /// <summary>The runs that the parameters' values come from when the map's item is a future of its own.</summary>
    internal IReadOnlyDictionary<string, IReadOnlyList<Guid>> WithItem(IReadOnlyDictionary<string, IReadOnlyList<Guid>> upstream, Guid item)
    {
        var all = new Dictionary<string, IReadOnlyList<Guid>>(upstream, StringComparer.Ordinal);
        foreach (var name in _slots.Where(slot => slot.UsesItem).Select(slot => slot.Parameter.WireName))
        {
            all[name] = all.TryGetValue(name, out var others) ? [.. others, item] : [item];
        }

        return all;
    }

    /// <summary>Whether the values of a map's items, which are futures, take part in expressions.</summary>
    internal bool LoadsItems => _slots.Exists(slot => slot is { UsesItem: true, Stored: null });

    internal CallJson ToJson()
    {
        using var scope = ArgumentScope.Open();
        List<string>? stored = null;
        List<string> values = new(_slots.Count);
        foreach (var slot in _slots)
        {
            values.Add(
                slot.Json
                    ?? StoredOf(slot, () => ExpressionEvaluator.Evaluate(slot.Stored!.Futures), ref stored)
                    ?? slot.Write(ExpressionEvaluator.Evaluate(slot.Expression!))
            );
        }

        return Write(values, stored);
    }

    /// <summary>The arguments for each item of a map.</summary>
    internal IReadOnlyList<CallJson> ToJson(IReadOnlyList<object?> items)
    {
        using var scope = ArgumentScope.Open();
        var writers = _slots.ConvertAll(slot => ItemWriter(slot, items.Count));
        var results = new CallJson[items.Count];
        List<string> values = new(_slots.Count);
        for (var i = 0; i < results.Length; i++)
        {
            List<string>? stored = null;
            values.Clear();
            for (var slot = 0; slot < _slots.Count; slot++)
            {
                values.Add(writers[slot](items[i], ref stored));
            }

            results[i] = Write(values, stored);
        }

        return results;
    }

    /// <summary>An argument whose value lies in a result storage; null for any other.</summary>
    private static string? StoredOf(Slot slot, Func<object?> futures, ref List<string>? stored)
    {
        if (slot.Stored?.ToJson(futures()) is not { } json)
        {
            return null;
        }

        (stored ??= []).Add(slot.Parameter.WireName);
        return json;
    }

    private Slot SlotOf(CallableParameter parameter, Expression argument)
    {
        if (argument is ConstantExpression constant && !ArgumentScan.IsFuture(argument.Type))
        {
            return Slot.Of(parameter, constant.Value, _site.Definition.Target);
        }

        var scan = ArgumentScan.Of(argument, _site.Item);
        if (scan.Nested is { } nested)
        {
            throw new ArgumentException(NestedCall(parameter, nested), nameof(argument));
        }

        TakesStateOfItem = TakesStateOfItem || scan.TakesStateOfItem;
        if (!scan.HasFutures && !scan.UsesItem)
        {
            return Slot.Of(parameter, ExpressionEvaluator.Evaluate(argument), _site.Definition.Target);
        }

        var capture = new FutureCapture();
        var captured = capture.Visit(argument)!;
        if (capture.Futures.Count + capture.States.Count > 0)
        {
            _futures[parameter.WireName] = capture;
        }

        return new Slot(parameter, _site.Definition.Target, Json: null, captured, scan.UsesItem)
        {
            Stored = _site.Definition is TaskDefinition ? StoredArgument.Of(captured, parameter) : null,
        };
    }

    private string NestedCall(CallableParameter parameter, MethodInfo nested)
    {
        var kind = nested.IsDefined(typeof(TaskAttribute)) ? "task" : "flow";
        return $"The argument '{parameter.Name}' of {_site.Definition.Target} calls the {kind} {RunnableDefinition.KeyOf(nested)}: there "
            + "it would run as plain code of the flow's body, "
            + $"without its own run. Start it first and pass its value: var first = flow.Submit(() => {nested.Name}(…)); then "
            + "first.AsArgument() as the argument.";
    }

    private ItemValue ItemWriter(Slot slot, int count)
    {
        if (slot.Json is { } json)
        {
            return (_, ref _) => json;
        }

        if (!slot.UsesItem)
        {
            List<string>? names = null;
            json =
                StoredOf(slot, () => ExpressionEvaluator.Evaluate(slot.Stored!.Futures), ref names)
                ?? slot.Write(ExpressionEvaluator.Evaluate(slot.Expression!));
            return (_, ref stored) =>
            {
                if (names is not null)
                {
                    (stored ??= []).AddRange(names);
                }

                return json;
            };
        }

        if (slot.Expression == _site.Item)
        {
            return (value, ref _) => slot.Write(value);
        }

        var read = Compile(slot.Expression!, count);
        if (slot.Stored is not { } argument)
        {
            return (value, ref _) => slot.Write(read(value));
        }

        var futures = argument.Futures == _site.Item ? value => value : Compile(argument.Futures, count);
        return (value, ref stored) => StoredOf(slot, () => futures(value), ref stored) ?? slot.Write(read(value));
    }

    private Func<object?, object?> Compile(Expression expression, int count)
    {
        var item = _site.Item!;
        var given = Expression.Parameter(typeof(object));
        return Expression
            .Lambda<Func<object?, object?>>(
                Expression.Block(
                    [item],
                    Expression.Assign(item, Expression.Convert(given, item.Type)),
                    Expression.Convert(expression, typeof(object))
                ),
                given
            )
            .Compile(preferInterpretation: count < ItemsWorthCompiling);
    }

    private CallJson Write(List<string> values, IReadOnlyList<string>? stored)
    {
        var text = new StringBuilder("{");
        for (var i = 0; i < values.Count; i++)
        {
            text.Append(i == 0 ? "" : ",").Append(_slots[i].Parameter.JsonName).Append(':').Append(values[i]);
        }

        var json = text.Append('}').ToString();
        BoundedJson.Check(json, () => $"The arguments of {_site.Definition.Target}");
        return new CallJson(json, stored);
    }

    /// <summary>The argument of an item, whose name is added to those that say where their values lie, if it does.</summary>
    private delegate string ItemValue(object? item, ref List<string>? stored);

    /// <summary>One argument: its JSON, or what computes it.</summary>
    private sealed record Slot(CallableParameter Parameter, string Target, string? Json, Expression? Expression, bool UsesItem)
    {
        /// <summary>Set for an argument that is the value of a future, or the values of futures, and nothing else.</summary>
        internal StoredArgument? Stored { get; init; }

        internal static Slot Of(CallableParameter parameter, object? value, string target)
        {
            var slot = new Slot(parameter, target, Json: null, Expression: null, UsesItem: false);
            return slot with { Json = slot.Write(value) };
        }

        internal string Write(object? value) => Parameter.ToJson(value, Target);
    }
}
