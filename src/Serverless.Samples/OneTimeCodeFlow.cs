using System.Globalization;
using System.Security.Cryptography;

namespace Serverless.Samples;

/// <summary>A value that goes from one task to another and is not kept: no page and no API shows it.</summary>
public static class OneTimeCodeFlow
{
    /// <summary>Makes a code, and sends it.</summary>
    /// <param name="flow">The run.</param>
    /// <param name="digits">How many digits it has.</param>
    /// <returns>What was sent, without the code.</returns>
    [Flow("one-time-code", Description = "Makes a code and sends it; the code itself is not kept.")]
    public static async Task<string> Run(FlowContext flow, [Range(4, 9)] int digits = 6)
    {
        var code = flow.Submit(() => Make(digits));
        return await flow.RunAsync(() => Send(code.AsArgument()));
    }

    [Task(PersistResult = false)]
    internal static string Make(int digits) => RandomNumberGenerator.GetString("0123456789", digits);

    [Task]
    internal static string Send(string code)
    {
        TaskContext.Current.Logger.LogInformation("The code is on its way.");
        return string.Create(CultureInfo.InvariantCulture, $"a code of {code.Length} digits");
    }
}
