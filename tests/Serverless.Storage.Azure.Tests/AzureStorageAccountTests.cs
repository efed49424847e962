using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Storage.Azure.Tests.Fixtures;
using Serverless.Storage.Tests.Contract;
using Serverless.Testing;

namespace Serverless.Storage.Azure.Tests;

[Collection(nameof(AzuriteTests))]
public sealed class AzureStorageAccountTests(AzuriteFixture azurite)
{
    [Fact]
    public void Create_DevelopmentStorage_HasTheEmulatorsAddresses()
    {
        AzureStorageAccount account = AzureStorageAccount.Create(AzureStorageOptions.Parse("UseDevelopmentStorage=true"));
        account.Tables.Uri.AbsoluteUri.ShouldStartWith("http://127.0.0.1:10002/devstoreaccount1");
        account.Blobs.Uri.AbsoluteUri.ShouldStartWith("http://127.0.0.1:10000/devstoreaccount1");
        account.CreateQueues().Uri.AbsoluteUri.ShouldStartWith("http://127.0.0.1:10001/devstoreaccount1");
    }

    [Fact]
    public void Create_AccountName_HasThePublicAddresses()
    {
        AzureStorageAccount account = AzureStorageAccount.Create(AzureStorageOptions.Parse("myaccount"));
        account.Options.Credential.ShouldBeOfType<DefaultAzureCredential>();
        account.Tables.Uri.Host.ShouldBe("myaccount.table.core.windows.net");
        account.Blobs.Uri.Host.ShouldBe("myaccount.blob.core.windows.net");
        account.GetQueue("serverless-outbox").Uri.AbsoluteUri.ShouldBe("https://myaccount.queue.core.windows.net/serverless-outbox");
    }

    [Theory]
    [InlineData("UseDevelopmentStorage")]
    [InlineData("My Account")]
    [InlineData("UseDevelopmentStorage=tru")]
    [InlineData("AccountName=a;AccountKey=not base64 at all!;EndpointSuffix=core.windows.net")]
    [InlineData("AccountName=devstoreaccount1")]
    [InlineData("nonsense=1;;=")]
    [InlineData("=")]
    public void Create_WrongConnectionString_IsOneClearLine(string text)
    {
        var e = Should.Throw<RowStoreOpenException>(() => AzureStorageAccount.Create(AzureStorageOptions.Parse(text)));
        e.Message.ShouldNotContain("\n");
        e.Message.ShouldContain("storage");
        e.Message.ShouldNotContain("not base64 at all");
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("Upper")]
    [InlineData("with-hyphen")]
    [InlineData("1abc")]
    public void Create_WrongPrefix_IsRefused(string prefix) =>
        Should
            .Throw<RowStoreOpenException>(() =>
                AzureStorageAccount.Create(new() { ConnectionString = "UseDevelopmentStorage=true", Prefix = prefix })
            )
            .Message.ShouldContain(prefix);

    [Fact]
    public void Create_Nothing_SaysWhatIsMissing() =>
        Should.Throw<RowStoreOpenException>(() => AzureStorageAccount.Create(new())).Message.ShouldContain("connection string");

    [Fact]
    public void FromConfiguration_ConnectionString_IsTaken()
    {
        Read(("AzureWebJobsStorage", "UseDevelopmentStorage=true"))!.ConnectionString.ShouldBe("UseDevelopmentStorage=true");
        Read(("ConnectionStrings:AzureWebJobsStorage", "UseDevelopmentStorage=true"))!
            .ConnectionString.ShouldBe("UseDevelopmentStorage=true");
        Read(("Other", "UseDevelopmentStorage=true")).ShouldBeNull();
        Read(("AzureWebJobsStorage", string.Empty)).ShouldBeNull();
    }

    [Fact]
    public void FromConfiguration_AccountName_SignsInByIdentity()
    {
        var options = Read(("AzureWebJobsStorage:accountName", "myaccount"))!;
        options.AccountName.ShouldBe("myaccount");
        options.Credential.ShouldBeNull();
        AzureStorageAccount.Create(options).Options.Credential.ShouldBeOfType<DefaultAzureCredential>();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("11111111-2222-3333-4444-555555555555")]
    public void FromConfiguration_ManagedIdentity_IsTheCredential(string? clientId) =>
        Read(
            ("AzureWebJobsStorage:tableServiceUri", "https://a.table.core.windows.net"),
            ("AzureWebJobsStorage:blobServiceUri", "https://a.blob.core.windows.net"),
            ("AzureWebJobsStorage:queueServiceUri", "https://a.queue.core.windows.net"),
            ("AzureWebJobsStorage:credential", "managedidentity"),
            ("AzureWebJobsStorage:clientId", clientId)
        )!
            .Credential.ShouldBeOfType<ManagedIdentityCredential>();

    [Fact]
    public void FromConfiguration_EnvironmentVariables_HaveTheHostsNames()
    {
        Environment.SetEnvironmentVariable("SERVERLESSTEST_AzureWebJobsStorage__tableServiceUri", "https://b.table.core.windows.net/");
        Environment.SetEnvironmentVariable("SERVERLESSTEST_AzureWebJobsStorage__blobServiceUri", "https://b.blob.core.windows.net/");
        var options = AzureStorageAccount.FromConfiguration(new ConfigurationBuilder().AddEnvironmentVariables("SERVERLESSTEST_").Build())!;

        AzureStorageAccount account = AzureStorageAccount.Create(options);
        account.Tables.Uri.Host.ShouldBe("b.table.core.windows.net");
        account.Blobs.Uri.Host.ShouldBe("b.blob.core.windows.net");
        Should.Throw<RowStoreOpenException>(() => account.CreateQueues()).Message.ShouldContain("queue");
    }

    [Theory]
    [InlineData("AzureWebJobsStorage:tableServiceUri", "a.table.core.windows.net")]
    [InlineData("AzureWebJobsStorage:credential", "password")]
    public void FromConfiguration_WrongSetting_IsNamed(string key, string value) =>
        Should.Throw<RowStoreOpenException>(() => Read(("AzureWebJobsStorage:accountName", "a"), (key, value))).Message.ShouldContain(key);

    [StoreFact]
    public async Task Open_WrongKey_IsOneClearLine()
    {
        var connectionString = azurite.Azurite.ConnectionString.Replace(
            AzuriteProcess.AccountKey,
            Convert.ToBase64String(new byte[64]),
            StringComparison.Ordinal
        );
        var e = await Should.ThrowAsync<RowStoreOpenException>(() => OpenAsync(new() { ConnectionString = connectionString }));
        e.Message.ShouldContain("403");
        e.Message.ShouldNotContain("\n");
    }

    [Fact]
    public async Task Open_ServerAway_IsOneClearLine()
    {
        using FaultHandler faults = new() { OnRequest = _ => Fault.NeverSent };
        var e = await Should.ThrowAsync<RowStoreOpenException>(() =>
            OpenAsync(
                new()
                {
                    ConnectionString = "UseDevelopmentStorage=true",
                    Transport = faults.Transport,
                    RetryDelay = TimeSpan.FromMilliseconds(1),
                }
            )
        );
        e.Message.ShouldStartWith("The table service at http://127.0.0.1:10002/");
        e.Message.ShouldNotContain("\n");
    }

    private static Task<AzureTableRowStore> OpenAsync(AzureStorageOptions options) =>
        AzureTableRowStore.OpenAsync(AzureStorageAccount.Create(options), null, TimeProvider.System, NullLogger.Instance);

    private static AzureStorageOptions? Read(params (string Key, string? Value)[] settings) =>
        AzureStorageAccount.FromConfiguration(
            new ConfigurationBuilder()
                .AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => setting.Value))
                .Build()
        );
}
