namespace Serverless.Conformance.Tests.Fixtures;

/// <summary>What is changed in an orchestrator's code while an instance of it waits.</summary>
public enum CodeChange
{
    None,
    OtherActivity,
    TimerForActivity,
    ChildForActivity,
    NoActivity,
    End,
    Throw,
    OneMore,
    OtherInput,
}
