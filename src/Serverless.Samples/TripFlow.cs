namespace Serverless.Samples;

/// <summary>A trip whose bookings are kept or undone together.</summary>
public static class TripFlow
{
    /// <summary>Books a flight and a room for each night; without a room there is no trip.</summary>
    /// <param name="flow">The run.</param>
    /// <param name="nights">The nights, from 1.</param>
    /// <param name="free">For how many nights there are rooms.</param>
    /// <returns>What was booked.</returns>
    [Flow("trip", Description = "Books a flight and rooms in a transaction, which is rolled back if a room is missing.")]
    public static Task<string[]> Run(FlowContext flow, [Range(1, 30)] int nights = 3, [Range(0, 30)] int free = 3) =>
        flow.TransactionAsync(async transaction =>
        {
            transaction.Set("trip", flow.Run.FlowRunName);
            var flight = await flow.RunAsync(() => BookFlight());
            var rooms = await flow.Map(Enumerable.Range(1, nights), night => BookRoom(night, free));
            return rooms.Prepend(flight).ToArray();
        });

    [Task(OnRollback = [nameof(Undo)], OnCommit = [nameof(Confirm)])]
    internal static string BookFlight() => "flight";

    [Task(OnRollback = [nameof(Undo)])]
    internal static string BookRoom(int night, int free) =>
        night <= free ? $"room for night {night}" : throw new NonRetryableException($"There is no room for night {night}.");

    private static void Undo(HookContext hook) =>
        hook.Logger.LogInformation("Undone in {Trip}: {Booking}", hook.Get<string>("trip"), hook.State.Result<string>());

    private static void Confirm(HookContext hook) => hook.Logger.LogInformation("Confirmed: {Booking}", hook.State.Result<string>());
}
