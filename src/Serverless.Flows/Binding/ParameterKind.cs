namespace Serverless.Flows.Binding;

/// <summary>Where a parameter's value comes from.</summary>
internal enum ParameterKind
{
    /// <summary>The JSON of the parameters or arguments.</summary>
    Value,

    /// <summary>The running flow's context.</summary>
    FlowContext,

    /// <summary>The running attempt's context.</summary>
    TaskContext,

    /// <summary>The run's token.</summary>
    CancellationToken,

    /// <summary>The run's log.</summary>
    Logger,
}
