using Serverless.Core.Models;

namespace Serverless.Server.Runs;

/// <summary>A task run as it was read or written last, by which its next state can be judged without reading it again.</summary>
/// <param name="TaskRun">The task run.</param>
/// <param name="ETag">Its row's version.</param>
/// <param name="FlowRun">The flow run that it is part of.</param>
internal sealed record TaskRunAttempt(TaskRun TaskRun, string ETag, FlowRun FlowRun);
