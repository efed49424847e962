using Microsoft.Extensions.DependencyInjection;
using Serverless.Flows.Testing.Processes;
using Serverless.Storage.Sqlite;

namespace Serverless.Flows.Testing;

/// <summary>
/// Runs flows in a test: the whole app in this process, without HTTP, on a store in a temporary folder that goes with the host. Its clock
/// stands still while there is something to do, and jumps to the next timer when a test waits for a run and only timers are left: a sleep
/// of a day takes no time. The process can be ended and started again as often as a test likes.
/// </summary>
public sealed partial class FlowTestHost : IAsyncDisposable
{
    private static readonly DateTimeOffset DefaultStart = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly SemaphoreSlim _driving = new(1, 1);
    private readonly DirectoryInfo _folder;
    private readonly SqliteRowStore _rows;
    private readonly Action<FlowRegistryBuilder> _flows;
    private readonly Action<IServiceCollection>? _services;
    private readonly TaskStubs _stubs = new();
    private TestProcess _process = null!;

    private FlowTestHost(DirectoryInfo folder, SqliteRowStore rows, Action<FlowRegistryBuilder> flows, Action<IServiceCollection>? services)
    {
        _folder = folder;
        _rows = rows;
        _flows = flows;
        _services = services;
    }

    /// <summary>The time that the virtual clock shows (UTC); flows and tasks see the same.</summary>
    public DateTimeOffset Now => _process.Clock.GetUtcNow();

    /// <summary>
    /// How long, in real time, a test waits for tasks to end before it fails; a minute unless set. Time-outs of tasks that wait for
    /// something real, such as a server, come in real time, too.
    /// </summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The services of the present process; each process has its own.</summary>
    public IServiceProvider Services => _process.Services;

    /// <summary>All attempts of tasks so far, in the order in which they began, those of former processes included.</summary>
    public IReadOnlyList<TaskCall> Calls => _stubs.Calls;

    /// <summary>How many processes have ended so far.</summary>
    public int Crashes { get; private set; }

    /// <summary>Starts a host.</summary>
    /// <param name="flows">Registers the flows, as for <c>ServerlessHost.RunAsync</c>: <c>flows => flows.AddFlow(Reports.Run)</c>.</param>
    /// <param name="services">Registers what the classes of flows and tasks take in their constructors; null for nothing. It is called
    /// again for each process that follows a crash.</param>
    /// <param name="now">What the clock shows at first; null for 2026-01-01T00:00:00Z.</param>
    /// <returns>The host.</returns>
    /// <exception cref="FlowRegistrationException">Flows or tasks cannot work; names all of them, and says why.</exception>
    public static async Task<FlowTestHost> StartAsync(
        Action<FlowRegistryBuilder> flows,
        Action<IServiceCollection>? services = null,
        DateTimeOffset? now = null
    )
    {
        ArgumentNullException.ThrowIfNull(flows);
        var folder = Directory.CreateTempSubdirectory("serverless-flows-testing-");
        var rows = SqliteRowStore.Open(
            new SqliteRowStoreOptions { Path = Path.Combine(folder.FullName, "rows.db"), Durability = SqliteDurability.Normal }
        );
        FlowTestHost host = new(folder, rows, flows, services);
        try
        {
            host._process = await host.StartProcessAsync(now ?? DefaultStart);
            return host;
        }
        catch
        {
            await rows.DisposeAsync();
            folder.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>What a task does in place of its code. The same stub each time.</summary>
    /// <param name="task">The task's method: <c>host.Stub(Reports.Look)</c>.</param>
    /// <returns>The stub, which does nothing yet; it also tells of the calls.</returns>
    /// <exception cref="FlowRegistrationException">The method is not a task of the registered flows.</exception>
    public TaskStub Stub(Delegate task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return _stubs.Of(_process.Get<FlowRegistry>().GetTask(task.Method));
    }

    /// <summary>What a task does in place of its code. The same stub each time.</summary>
    /// <param name="task">The task's name, its key, or the end of the key: <c>look-up</c>, <c>Reports.LookUp</c>.</param>
    /// <returns>The stub, which does nothing yet; it also tells of the calls.</returns>
    /// <exception cref="ArgumentException">No task of the registered flows, or more than one, is called so.</exception>
    public TaskStub Stub(string task)
    {
        ArgumentException.ThrowIfNullOrEmpty(task);
        var tasks = _process.Get<FlowRegistry>().Tasks;
        List<TaskDefinition> found =
        [
            .. tasks.Where(known => known.Name == task || known.Key == task || known.Key.EndsWith("." + task, StringComparison.Ordinal)),
        ];
        return found switch
        {
            [var one] => _stubs.Of(one),
            [] => throw new ArgumentException(
                $"There is no task '{task}'. The tasks are: {string.Join(", ", tasks.Select(known => known.Name))}.",
                nameof(task)
            ),
            _ => throw new ArgumentException(
                $"Several tasks are called '{task}': {string.Join(", ", found.Select(known => known.Key))}. Use one of these keys.",
                nameof(task)
            ),
        };
    }

    /// <summary>Ends the process at once, without any notice, and starts the next one on what it had stored.</summary>
    /// <returns>When the next process has started.</returns>
    public async Task CrashAsync()
    {
        await _process.DieAsync();
        await AliveAsync();
    }

    /// <summary>
    /// Lets the process end at a step, counted from now on: a step is a commit to the store, of which a task run takes several. This one is
    /// lost, and what was done since the step before is done again by the next process, which starts when a test waits for a run.
    /// </summary>
    /// <param name="step">Which step, from 1.</param>
    public void CrashAt(int step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        _process.Store.DieAt(step);
    }

    /// <summary>
    /// Lets the process end when an activity has ended and all that it wrote is stored, before anybody has heard its answer. The next
    /// process calls the activity again, as any durable host does now and then. Each attempt of a task is an activity, and so are steps of
    /// the engine, such as the begin of a run.
    /// </summary>
    /// <param name="answer">Which answer is lost, counted from now on, from 1.</param>
    public void LoseAnswerAt(int answer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(answer, 1);
        _process.Answers.LoseAt(answer);
    }

    /// <summary>Ends the process and deletes its store.</summary>
    /// <returns>When that is done.</returns>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _rows.DisposeAsync();
        _folder.Delete(recursive: true);
        _starting.Dispose();
        _driving.Dispose();
    }

    /// <summary>The last task run whose answer was lost; null for none.</summary>
    internal Guid? LostTaskRunId { get; private set; }

    /// <summary>The present process; one that follows the former one if that is dead.</summary>
    internal async Task<TestProcess> AliveAsync()
    {
        if (!_process.Store.IsDead)
        {
            return _process;
        }

        await _starting.WaitAsync();
        try
        {
            while (_process.Store.IsDead)
            {
                await _process.DieAsync();
                Crashes++;
                LostTaskRunId = _process.Answers.TaskRunId ?? LostTaskRunId;
                _process = await StartProcessAsync(Now);
            }

            return _process;
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Asks something of the process; asks the next one again if it dies meanwhile.</summary>
    internal async Task<T> AskAsync<T>(Func<TestProcess, Task<T>> ask)
    {
        while (true)
        {
            var process = await AliveAsync();
            var answer = ask(process);
            if (await process.RunUnlessDeadAsync(answer))
            {
                return await answer;
            }
        }
    }

    private Task<TestProcess> StartProcessAsync(DateTimeOffset now) =>
        TestProcess.StartAsync(_rows, now, process => new ProcessBodies(process, _stubs), _flows, _services);
}
