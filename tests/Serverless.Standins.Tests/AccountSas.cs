using System.Security.Cryptography;
using System.Text;
using Serverless.Testing;

namespace Serverless.Standins.Tests;

/// <summary>Shared access signatures of Azurite's account: https://learn.microsoft.com/rest/api/storageservices/create-account-sas.</summary>
internal static class AccountSas
{
    /// <summary>A signature for blobs and tables.</summary>
    /// <param name="permissions">In the documented order: <c>rwdlacup</c>.</param>
    public static string Create(string permissions)
    {
        const string Version = "2019-02-02";
        string expiry = DateTime.UtcNow.AddHours(1).ToString("yyyy-MM-ddTHH:mm:ssZ");
        string text = $"{AzuriteProcess.AccountName}\n{permissions}\nbt\nsco\n\n{expiry}\n\n\n{Version}\n";
        byte[] signature = HMACSHA256.HashData(Convert.FromBase64String(AzuriteProcess.AccountKey), Encoding.UTF8.GetBytes(text));
        return $"sv={Version}&ss=bt&srt=sco&sp={permissions}&se={Uri.EscapeDataString(expiry)}&sig={Uri.EscapeDataString(Convert.ToBase64String(signature))}";
    }
}
