using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Serverless.Api.Security;
using Serverless.Core.Validation;

namespace Serverless.Api.Tests.Security;

public sealed class ApiCredentialsTests : IDisposable
{
    private const string Auth = "ada:päss:word";
    private const string Key = "key-0123456789";

    private readonly string _folder = Directory.CreateTempSubdirectory("serverless-secrets-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("Basic {auth}", true)]
    [InlineData("basic {auth}", true)]
    [InlineData("Basic   {auth} ", true)]
    [InlineData("Bearer key-0123456789", true)]
    [InlineData("bearer key-0123456789", true)]
    [InlineData("", false)]
    [InlineData("Basic", false)]
    [InlineData("Basic ", false)]
    [InlineData("{auth}", false)]
    [InlineData("Basic {key}", false)]
    [InlineData("Basic ada:päss:word", false)]
    [InlineData("Basic {auth}=", false)]
    [InlineData("Bearer key-012345678", false)]
    [InlineData("Bearer key-01234567890", false)]
    [InlineData("Bearer KEY-0123456789", false)]
    [InlineData("Bearer key-0123456789, Basic {auth}", false)]
    [InlineData("Bearer", false)]
    [InlineData("Bearer ", false)]
    [InlineData("Digest {auth}", false)]
    public void AreIn_Header_OnlyWhatIsRightInFormAndText(string header, bool expected)
    {
        HeaderDictionary headers = new() { ["Authorization"] = header.Replace("{auth}", Encoded(Auth)).Replace("{key}", Encoded(Key)) };

        new ApiCredentials(Auth, Key).AreIn(headers).ShouldBe(expected);
    }

    [Fact]
    public void AreIn_NoHeaderOrTwo_IsFalse()
    {
        ApiCredentials credentials = new(Auth, Key);

        credentials.AreIn(new HeaderDictionary()).ShouldBeFalse();
        credentials.AreIn(new HeaderDictionary { ["Authorization"] = new(["Bearer " + Key, "Bearer " + Key]) }).ShouldBeFalse();
    }

    [Fact]
    public void AreIn_OtherKindThanIsSet_IsFalse()
    {
        new ApiCredentials(Auth, null).AreIn(new HeaderDictionary { ["Authorization"] = "Bearer " + Auth }).ShouldBeFalse();
        new ApiCredentials(Auth, null).AreIn(new HeaderDictionary { ["Authorization"] = "Bearer " }).ShouldBeFalse();
        new ApiCredentials(null, Key).AreIn(new HeaderDictionary { ["Authorization"] = "Basic " + Encoded(Key) }).ShouldBeFalse();
        ApiCredentials.None.AreIn(new HeaderDictionary { ["Authorization"] = "Basic " + Encoded("") }).ShouldBeFalse();
    }

    [Theory]
    [InlineData("ada")]
    [InlineData(":secret")]
    [InlineData("secret:")]
    [InlineData("ada:sec\nret")]
    public void Create_AuthWithoutItsForm_IsRefusedWithoutRepeatingIt(string auth) =>
        Should.Throw<SettingException>(() => new ApiCredentials(auth, null)).Message.ShouldNotContain(auth.Trim(':'));

    [Theory]
    [InlineData("the secret")]
    [InlineData("sécret")]
    public void Create_KeyThatNoHeaderCanHave_IsRefusedWithoutRepeatingIt(string key) =>
        Should.Throw<SettingException>(() => new ApiCredentials(null, key)).Message.ShouldNotContain(key);

    [Fact]
    public void Read_NothingSet_RequiresNothing()
    {
        Read([]).AreRequired.ShouldBeFalse();
        Read(new() { ["ApiAuth"] = "", ["ApiKeyFile"] = "" }).AreRequired.ShouldBeFalse();
    }

    [Theory]
    [InlineData("key-0123456789")]
    [InlineData("key-0123456789\n")]
    [InlineData("key-0123456789\r\n")]
    public void Read_File_IsItsTextWithoutTheEndOfItsLine(string text)
    {
        var credentials = Read(new() { ["ApiKeyFile"] = File(text) });

        credentials.AreToken(Key).ShouldBeTrue();
        credentials.HasAuth.ShouldBeFalse();
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("\n", "is empty")]
    [InlineData("long", "4096")]
    [InlineData(null, "cannot be read")]
    public void Read_FileThatCannotBe_IsOneLineWithItsName(string? text, string words)
    {
        var path = text is null ? Path.Combine(_folder, "nothing") : File(text == "long" ? new string('s', 5000) : text);

        var refused = Should.Throw<SettingException>(() => Read(new() { ["ApiAuthFile"] = path })).Message;

        refused.ShouldContain(words);
        refused.ShouldContain(path);
        refused.ShouldNotContain('\n');
        refused.ShouldNotContain("sss");
    }

    [Fact]
    public void Read_TextAndFile_IsRefused() =>
        Should
            .Throw<SettingException>(() => Read(new() { ["ApiAuth"] = Auth, ["ApiAuthFile"] = File(Auth) }))
            .Message.ShouldNotContain(Auth);

    /// <summary>What Azure gives the app when the vault cannot be read is known to many.</summary>
    [Fact]
    public void Read_KeyVaultReferenceThatWasNotResolved_IsRefused() =>
        Should
            .Throw<SettingException>(() =>
                Read(new() { ["ApiKey"] = "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/k)" })
            )
            .Message.ShouldContain("ApiKey refers to a Key Vault that could not be read");

    private static ApiCredentials Read(Dictionary<string, string?> settings) =>
        ApiCredentials.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());

    private static string Encoded(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private string File(string text)
    {
        var path = Path.Combine(_folder, "secret");
        System.IO.File.WriteAllText(path, text);
        return path;
    }
}
