using System.Diagnostics;

namespace Serverless.Benchmarks;

/// <summary>
/// The processor time that the host takes for something. It says more than the time on the clock where other work runs beside it.
/// </summary>
internal sealed class HostCost
{
    private readonly Process _process;
    private readonly TimeSpan _all;
    private readonly TimeSpan _kernel;

    private HostCost(Process process)
    {
        _process = process;
        process.Refresh();
        _all = process.TotalProcessorTime;
        _kernel = process.PrivilegedProcessorTime;
    }

    public static HostCost Start(Process process) => new(process);

    /// <summary>Microseconds of one of so many things since the start.</summary>
    public string Of(int count)
    {
        _process.Refresh();
        return $"{(_process.TotalProcessorTime - _all).TotalMicroseconds / count:N0} µs of processor each, "
            + $"{(_process.PrivilegedProcessorTime - _kernel).TotalMicroseconds / count:N0} µs of it in the kernel";
    }
}
