using System.Collections;
using Serverless.Flows.Hosting;

namespace Serverless.Flows.Calls;

/// <summary>The invocations of a map, each made when it is asked for.</summary>
/// <param name="count">How many.</param>
/// <param name="make">Makes one by its number.</param>
internal sealed class MapInvocations(int count, Func<int, TaskInvocation> make) : IReadOnlyList<TaskInvocation>
{
    public int Count => count;

    public TaskInvocation this[int index] => make(index);

    public IEnumerator<TaskInvocation> GetEnumerator()
    {
        for (var i = 0; i < count; i++)
        {
            yield return make(i);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
