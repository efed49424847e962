using System.Text;
using System.Text.Json;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows.Testing.Processes;
using Serverless.Flows.Testing.Replay;
using Serverless.Server;
using Serverless.Server.Artifacts;
using Serverless.Server.Logs;
using Serverless.Server.Runs;

namespace Serverless.Flows.Testing;

/// <summary>A run of a flow on a <see cref="FlowTestHost"/>.</summary>
public sealed class FlowTestRun
{
    private const int PageSize = 200;

    private readonly FlowTestHost _host;
    private RunState? _state;
    private int _inputs;

    internal FlowTestRun(FlowTestHost host, FlowRun run, string flow)
    {
        _host = host;
        Id = run.Id;
        Flow = flow;
        ScheduledTime = run.ExpectedStartTime;
        Parameters = run.Parameters;
    }

    /// <summary>The run as it is now.</summary>
    internal static async Task<FlowTestRun> ReadAsync(FlowTestHost host, TestProcess process, FlowRun run)
    {
        var flow = await process.Get<Serverless.Server.Flows.FlowService>().GetAsync(run.FlowId);
        var result = await process.Get<FlowRunService>().GetResultAsync(run.Id);
        return new FlowTestRun(host, run, flow?.Name ?? "(deleted)") { _state = await WithResultAsync(process, run.State!, result) };
    }

    /// <summary>The run's id.</summary>
    public Guid Id { get; }

    /// <summary>The flow's name.</summary>
    public string Flow { get; }

    /// <summary>
    /// The time for which the run was created: of a run of a schedule one of its times; of another one when it was to start. Null for a
    /// run that was not to wait.
    /// </summary>
    public DateTimeOffset? ScheduledTime { get; }

    /// <summary>The parameters, as JSON by their names on the wire: those of the request or schedule, and of the deployment.</summary>
    public IReadOnlyDictionary<string, JsonElement> Parameters { get; }

    /// <summary>The state in which the last wait found the run, with its result.</summary>
    /// <exception cref="FlowTestException">Nobody has waited for it yet.</exception>
    public RunState State => _state ?? throw new FlowTestException($"{this} was not waited for: await WaitAsync or WhenPausedAsync first.");

    /// <summary>The flow's result.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <returns>What the flow returned.</returns>
    /// <exception cref="RunException">The run did not complete.</exception>
    /// <exception cref="FlowTestException">Nobody has waited for it yet.</exception>
    public T Result<T>() => State.Result<T>();

    /// <summary>Waits until the run has ended; moves the clock from timer to timer.</summary>
    /// <param name="cancellationToken">Ends the wait, not the run.</param>
    /// <returns>The final state, with the result: <c>state.Result&lt;T&gt;()</c>.</returns>
    /// <exception cref="FlowTestException">It does not end by itself; says what it waits for.</exception>
    public Task<RunState> WaitAsync(CancellationToken cancellationToken = default) =>
        WaitAsync(run => run.StateType?.IsFinal() == true, "final", cancellationToken);

    /// <summary>Waits until the run is paused or suspended; moves the clock from timer to timer.</summary>
    /// <param name="cancellationToken">Ends the wait, not the run.</param>
    /// <returns>The state.</returns>
    /// <exception cref="FlowTestException">It ends before, or does nothing by itself.</exception>
    public Task<RunState> WhenPausedAsync(CancellationToken cancellationToken = default) =>
        WaitAsync(run => run.StateType == StateType.Paused, "paused", cancellationToken);

    /// <summary>Waits until the run is in a state; moves the clock from timer to timer.</summary>
    /// <param name="stateName">The state's name, as <c>AwaitingRetry</c>. One that lasts only while something runs is passed by.</param>
    /// <param name="cancellationToken">Ends the wait, not the run.</param>
    /// <returns>The state.</returns>
    /// <exception cref="FlowTestException">It ends before, or does nothing by itself.</exception>
    public Task<RunState> WhenAsync(string stateName, CancellationToken cancellationToken = default) =>
        WaitAsync(run => run.StateName == stateName, stateName, cancellationToken);

    /// <summary>Resumes the run, which is paused or suspended.</summary>
    /// <param name="input">The input, if the pause asks for one: an object of its type; null for none.</param>
    /// <returns>When the run is resumed; wait for it then.</returns>
    /// <exception cref="FlowTestException">It is not paused, or the input is refused; says why.</exception>
    public async Task ResumeAsync(object? input = null)
    {
        var before = _host.Crashes;
        var answer = await _host.AskAsync(process => process.Get<FlowRunControl>().ResumeAsync(Id, FlowTestHost.Json(input)));

        // A process that died meanwhile may have resumed it.
        if (!answer.IsAccepted && (before == _host.Crashes || answer.State?.Type == StateType.Paused))
        {
            throw new FlowTestException($"{this} cannot be resumed: {answer.Reason}");
        }
    }

    /// <summary>Sends an input to the run, as a client does: <see cref="FlowInput.ReceiveAsync{T}"/> receives it.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="keyPrefix">What the input's key begins with; null for what the type says.</param>
    /// <returns>When the input is written.</returns>
    public async Task SendInputAsync<T>(T value, string? keyPrefix = null)
    {
        FlowRunInputCreate input = new() { Key = $"{keyPrefix ?? InputType<T>.KeyPrefix}-{_inputs++}", Value = InputType<T>.Write(value) };
        await _host.AskAsync(async process =>
        {
            try
            {
                return await process.Get<RunInputs>().CreateAsync(Id, input);
            }
            catch (RequestConflictException)
            {
                // A process that died meanwhile has written it.
                return true;
            }
        });
    }

    /// <summary>Moves the clock to the end of the run's pause, with everything that comes due on the way.</summary>
    /// <returns>When the pause has ended; a run that is not resumed in time fails.</returns>
    /// <exception cref="FlowTestException">The run is not paused.</exception>
    public async Task ExpirePauseAsync()
    {
        var run = await _host.AskAsync(process => process.Get<FlowRunService>().GetAsync(Id));
        var end = run?.State is { Type: StateType.Paused, StateDetails.PauseTimeout: { } timeout }
            ? timeout
            : throw new FlowTestException($"{this} is not paused: it is {run?.State}.");

        // The orchestration's timer may be rounded up.
        await _host.AdvanceAsync(end - _host.Now + TimeSpan.FromSeconds(1));
    }

    /// <summary>Cancels the run.</summary>
    /// <returns>When that is asked for; wait for the run then.</returns>
    /// <exception cref="FlowTestException">It has ended.</exception>
    public async Task CancelAsync()
    {
        var answer = await _host.AskAsync(process => process.Get<FlowRunControl>().CancelAsync(Id));
        if (!answer.IsAccepted && answer.State?.Type is not (StateType.Cancelling or StateType.Cancelled))
        {
            throw new FlowTestException($"{this} cannot be cancelled: {answer.Reason}");
        }
    }

    /// <summary>The states of the run so far, in order, with the virtual times at which it entered them.</summary>
    /// <returns>The states.</returns>
    public Task<IReadOnlyList<RunState>> StatesAsync() =>
        _host.AskAsync<IReadOnlyList<RunState>>(async process =>
            [.. (await process.Get<FlowRunService>().GetStatesAsync(Id)).Select(state => new RunState(state))]
        );

    /// <summary>The task runs so far, by their names. Those of subflows belong to the subflows' runs.</summary>
    /// <returns>The task runs.</returns>
    public Task<IReadOnlyList<FlowTestTaskRun>> TaskRunsAsync() => _host.AskAsync(TaskRunsAsync);

    /// <summary>The runs of the flows that this one called so far, by the time at which they were created.</summary>
    /// <returns>The runs.</returns>
    public Task<IReadOnlyList<FlowTestRun>> SubflowsAsync() => _host.AskAsync(SubflowsAsync);

    /// <summary>The log of the run and its task runs so far, in order.</summary>
    /// <returns>The lines.</returns>
    public Task<IReadOnlyList<Log>> LogsAsync() =>
        _host.AskAsync(async process =>
        {
            await process.Get<RunLogs>().FlushAsync(Id);
            return await PagesAsync(offset =>
                process
                    .Get<LogQueries>()
                    .FilterAsync(
                        new LogQuery
                        {
                            Logs = new LogFilter { FlowRunId = new IdFilter { Any = [Id] } },
                            Limit = PageSize,
                            Offset = offset,
                        }
                    )
            );
        });

    /// <summary>The artifacts of the run and its task runs so far, in the order in which they were made.</summary>
    /// <returns>The artifacts.</returns>
    public Task<IReadOnlyList<Artifact>> ArtifactsAsync() =>
        _host.AskAsync(async process =>
        {
            var artifacts = await PagesAsync(offset =>
                process
                    .Get<ArtifactQueries>()
                    .FilterAsync(
                        new ArtifactQuery
                        {
                            Artifacts = new ArtifactFilter { FlowRunId = new IdFilter { Any = [Id] } },
                            Limit = PageSize,
                            Offset = offset,
                        }
                    )
            );
            return (IReadOnlyList<Artifact>)[.. artifacts.OrderBy(artifact => artifact.Created).ThenBy(artifact => artifact.Id)];
        });

    /// <summary>
    /// The history of the run so far, as JSON, for <see cref="FlowReplay"/>. Only that of the present attempt, if the flow was retried; a
    /// subflow has a history of its own.
    /// </summary>
    /// <returns>The JSON. It contains parameters, arguments and results.</returns>
    /// <exception cref="FlowTestException">The run has not begun.</exception>
    public Task<string> HistoryAsync() => _host.AskAsync(process => HistoryRuns.RecordAsync(process, this));

    /// <summary>The run in words: <c>Run 0197… of flow 'price-report'</c>.</summary>
    /// <returns>The words.</returns>
    public override string ToString() => $"Run {Id} of flow '{Flow}'";

    internal FlowTestHost Host => _host;

    private static async Task<IReadOnlyList<T>> PagesAsync<T>(Func<int, Task<IReadOnlyList<T>>> read)
    {
        List<T> all = [];
        while (true)
        {
            var page = await read(all.Count);
            all.AddRange(page);
            if (page.Count < PageSize)
            {
                return all;
            }
        }
    }

    /// <summary>The state with its value, also where that lies in a result storage.</summary>
    private static async Task<RunState> WithResultAsync(TestProcess process, State state, RunResult? result)
    {
        if (result?.State?.Id != state.Id)
        {
            return new RunState(state);
        }

        var json =
            state.Data is { } data && await process.Get<IStoredResults>().OpenAsync(data, CancellationToken.None) is var (write, gone)
                ? write is not null
                    ? await ReadAsync(write)
                    : gone is not null
                        ? null
                        : result.Json
                : result.Json;
        return new RunState(json is null ? state : state with { Data = JsonSerializer.Deserialize<JsonElement>(json) });
    }

    private static async Task<string> ReadAsync(Func<Stream, CancellationToken, Task> write)
    {
        using MemoryStream json = new();
        await write(json, CancellationToken.None);
        return Encoding.UTF8.GetString(json.GetBuffer(), 0, (int)json.Length);
    }

    private async Task<RunState> WaitAsync(Func<FlowRun, bool> until, string what, CancellationToken cancellationToken)
    {
        var run = await _host.DriveAsync(this, until, what, cancellationToken);
        return _state = await _host.AskAsync(async process =>
            await WithResultAsync(process, run.State!, await process.Get<FlowRunService>().GetResultAsync(Id, cancellationToken))
        );
    }

    private async Task<IReadOnlyList<FlowTestTaskRun>> TaskRunsAsync(TestProcess process)
    {
        var service = process.Get<TaskRunService>();
        var registry = process.Get<FlowRegistry>();
        var runs = await PagesAsync(offset =>
            service.FilterAsync(
                new TaskRunQuery
                {
                    TaskRuns = new TaskRunFilter { FlowRunId = new IdFilter { Any = [Id] } },
                    Limit = PageSize,
                    Offset = offset,
                }
            )
        );
        List<FlowTestTaskRun> found = [];
        foreach (var run in runs)
        {
            var stored = await service.GetStatesAsync(run.Id);
            List<RunState> states = [.. stored.SkipLast(1).Select(state => new RunState(state))];
            states.Add(await WithResultAsync(process, stored[^1], await service.GetResultAsync(run.Id)));
            found.Add(
                new FlowTestTaskRun(run.Id, run.Name, registry.TryGetTask(run.TaskKey, out var task) ? task.Name : run.TaskKey, states)
            );
        }

        return [.. found.OrderBy(run => run.Name, NumberedNames.Instance)];
    }

    private async Task<IReadOnlyList<FlowTestRun>> SubflowsAsync(TestProcess process)
    {
        List<FlowTestRun> found = [];
        var runs = await process
            .Get<FlowRunService>()
            .FilterAsync(new FlowRunQuery { FlowRuns = new FlowRunFilter { ParentFlowRunId = new IdFilter { Any = [Id] } } });
        foreach (var run in runs.OrderBy(run => run.Created).ThenBy(run => run.Id))
        {
            found.Add(await ReadAsync(_host, process, run));
        }

        return found;
    }
}
