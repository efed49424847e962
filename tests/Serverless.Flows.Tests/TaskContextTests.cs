using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests;

public sealed class TaskContextTests
{
    [Fact]
    public void Current_OutsideATask_SaysWhereItExists() =>
        Should
            .Throw<InvalidOperationException>(() => TaskContext.Current)
            .Message.ShouldStartWith("TaskContext.Current is read outside a task.");

    [Fact]
    public async Task Enter_InATest_IsCurrentUntilItIsLeft()
    {
        TaskContext context = new() { Attempt = 2 };
        using (context.Enter())
        {
            await Task.Yield();
            TaskContext.Current.ShouldBeSameAs(context);
            Steps.WhoAmI().ShouldBe(Guid.Empty.ToString("N"));
            using (new TaskContext().Enter())
            {
                TaskContext.Current.Attempt.ShouldBe(1);
            }

            (await Task.Run(() => TaskContext.Current)).ShouldBeSameAs(context);
        }

        TaskContext.CurrentOrNull.ShouldBeNull();
    }
}
