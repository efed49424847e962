namespace Serverless.Core.Filters;

/// <summary>Combines the answers of the criteria that a filter has.</summary>
internal readonly record struct Criteria
{
    private readonly bool any;
    private readonly bool none;
    private readonly bool or;

    private Criteria(bool or, bool any, bool none)
    {
        this.or = or;
        this.any = any;
        this.none = none;
    }

    /// <summary>True when the filter matches.</summary>
    public bool Match => none || any;

    /// <summary>Begins without criteria: everything matches.</summary>
    public static Criteria Of(Operator combine) => new(combine == Operator.Or, any: false, none: true);

    /// <summary>Adds one criterion's answer; null when the filter does not have it.</summary>
    public Criteria With(bool? answer) => answer is not { } matches
        ? this
        : new Criteria(or, none ? matches : or ? any || matches : any && matches, none: false);
}
