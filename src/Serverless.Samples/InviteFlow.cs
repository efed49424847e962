namespace Serverless.Samples;

/// <summary>A flow that hands work over to the background, and ends before that is done.</summary>
public static class InviteFlow
{
    /// <summary>Has an invitation sent in the background, and a reminder some time later.</summary>
    /// <param name="flow">The run.</param>
    /// <param name="guest">Who is invited.</param>
    /// <param name="remindAfterSeconds">When the reminder is sent.</param>
    /// <returns>The task runs of both.</returns>
    [Flow("invite", Description = "Has an invitation and a reminder sent in the background.")]
    public static async Task<Guid[]> Run(FlowContext flow, string guest = "Ada", [Range(0, 86_400)] int remindAfterSeconds = 5)
    {
        var invitation = await flow.DelayAsync(() => Send("invitation", guest));
        var reminder = await flow.DelayAsync(
            () => Send("reminder", guest),
            new DelayOptions { ScheduledTime = flow.UtcNow.AddSeconds(remindAfterSeconds), RunName = $"remind-{guest}" }
        );
        return [invitation, reminder];
    }

    [Task(Retries = 3, RetryDelaySeconds = [1, 10, 60])]
    internal static string Send(string kind, string guest)
    {
        // Here a service would be told, with the key by which it drops what it knows already.
        TaskContext.Current.Logger.LogInformation("Sends the {Kind} for {Guest}: {Key}", kind, guest, TaskContext.Current.IdempotencyKey);
        return $"{kind} for {guest}";
    }
}
