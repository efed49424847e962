using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Serverless.Api.Bodies;
using Serverless.Core.Validation;
using Serverless.Server.Runs;

namespace Serverless.Api.Tests;

/// <summary>Settings are checked when the app starts.</summary>
public sealed class SettingOptionsTests
{
    [Theory]
    [InlineData(null, 20_000, 524_288)]
    [InlineData("", 20_000, 524_288)]
    [InlineData("5", 5, 5)]
    public async Task Start_Settings_AreTheOptions(string? setting, int runs, int bytes)
    {
        await using var server = await StartAsync(setting, setting);

        server.Get<RunAdmissionOptions>().MaxWaiting.ShouldBe(runs);
        server.Get<IOptions<ParameterOptions>>().Value.MaxBytes.ShouldBe(bytes);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    public async Task Start_SettingOutOfBounds_SaysWhatItTakes(string setting)
    {
        var wrong = await Should.ThrowAsync<OptionsValidationException>(() => StartAsync(maxWaiting: setting, maxBytes: null));

        wrong.Failures.ShouldBe([$"The setting 'MaxWaitingRuns' takes a number of runs above 0, not '{setting}'."]);
    }

    [Theory]
    [InlineData("many")]
    [InlineData("1.5")]
    [InlineData("99999999999")]
    public async Task Start_SettingOfAnotherKind_SaysWhatItTakes(string setting)
    {
        var wrong = await Should.ThrowAsync<SettingException>(() => StartAsync(maxWaiting: null, maxBytes: setting));

        wrong.Message.ShouldBe($"The setting 'MaxParameterBytes' takes a number of bytes, or 0 for no limit, not '{setting}'.");
    }

    [Fact]
    public async Task Start_TwoWrongSettings_SaysBoth()
    {
        var wrong = await Should.ThrowAsync<AggregateException>(() => StartAsync("0", "-1"));

        wrong
            .InnerExceptions.Cast<OptionsValidationException>()
            .SelectMany(one => one.Failures)
            .ShouldBe(
                [
                    "The setting 'MaxWaitingRuns' takes a number of runs above 0, not '0'.",
                    "The setting 'MaxParameterBytes' takes a number of bytes, or 0 for no limit, not '-1'.",
                ],
                ignoreOrder: true
            );
    }

    private static Task<TestServer> StartAsync(string? maxWaiting, string? maxBytes) =>
        ApiServer.StartAsync(services =>
            services.AddSingleton<IConfiguration>(
                new ConfigurationBuilder()
                    .AddInMemoryCollection([new("MaxWaitingRuns", maxWaiting), new("MaxParameterBytes", maxBytes)])
                    .Build()
            )
        );
}
