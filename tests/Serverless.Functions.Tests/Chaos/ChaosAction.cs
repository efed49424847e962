namespace Serverless.Functions.Tests.Chaos;

/// <summary>What can befall a run, or the app.</summary>
public enum ChaosAction
{
    Start,
    StartLater,
    Pause,
    Suspend,
    Resume,
    Cancel,
    Delete,
    RunAgain,
    Advance,
    Work,
    Crash,
}
