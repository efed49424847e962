namespace Serverless.Flows.Testing.Tests.Fixtures;

/// <summary>Pays, by a bank that a test gives.</summary>
internal sealed class Payments(Bank bank)
{
    [Flow("payment")]
    public static async Task<int> Pay(FlowContext flow, bool withKey)
    {
        await flow.RunAsync((Payments payments) => payments.Transfer(10, withKey));
        return await flow.RunAsync((Payments payments) => payments.Transfer(5, withKey));
    }

    [Task]
    internal int Transfer(int amount, bool withKey, TaskContext context = null!)
    {
        bank.Pay(withKey ? context.IdempotencyKey : null, amount);
        return amount;
    }
}
