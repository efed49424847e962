namespace Serverless.Core.Filters;

/// <summary>Combines the answers of the criteria that a filter has.</summary>
internal readonly record struct Criteria
{
    private readonly bool _any;
    private readonly bool _none;
    private readonly bool _or;

    private Criteria(bool or, bool any, bool none)
    {
        _or = or;
        _any = any;
        _none = none;
    }

    /// <summary>True when the filter matches.</summary>
    public bool Match => _none || _any;

    /// <summary>Begins without criteria: everything matches.</summary>
    public static Criteria Of(Operator combine) => new(combine == Operator.Or, any: false, none: true);

    /// <summary>Adds one criterion's answer; null when the filter does not have it.</summary>
    public Criteria With(bool? answer) =>
        answer is not { } matches
            ? this
            : new Criteria(
                _or,
                _none ? matches
                    : _or ? _any || matches
                    : _any && matches,
                none: false
            );
}
