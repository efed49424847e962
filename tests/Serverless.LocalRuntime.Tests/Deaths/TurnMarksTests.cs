using Serverless.LocalRuntime.Deaths;

namespace Serverless.LocalRuntime.Tests.Deaths;

public sealed class TurnMarksTests : IDisposable
{
    private readonly MarksOfProcesses _processes = new();

    public void Dispose() => _processes.Dispose();

    [Theory]
    [InlineData(1, false)]
    [InlineData(TurnMarks.MaxDeaths - 1, false)]
    [InlineData(TurnMarks.MaxDeaths, true)]
    [InlineData(TurnMarks.MaxDeaths + 1, true)]
    public async Task Convicted_ProcessesDiedInItsTurns_FromTheThirdOn(int deaths, bool expected)
    {
        await _processes.DieInTurnsOfAsync("a", deaths);

        TurnMarks marks = _processes.Start();

        marks.IsSuspect("a").ShouldBeTrue();
        marks.Convicted.ShouldBe(expected ? ["a"] : []);
    }

    [Fact]
    public async Task Done_AfterDeaths_ForgetsThem()
    {
        await _processes.DieInTurnsOfAsync("a", TurnMarks.MaxDeaths - 1);
        (await _processes.Start().BeginAsync("a")).Done();
        _processes.Die();

        await _processes.DieInTurnsOfAsync("a", 1);

        _processes.Start().Convicted.ShouldBeEmpty();
    }

    [Fact]
    public async Task Dispose_WithoutAnEnd_NeitherCountsNorForgets()
    {
        await _processes.DieInTurnsOfAsync("a", 1);
        (await _processes.Start().BeginAsync("a")).Dispose();
        _processes.Die();
        _processes.Start().Convicted.ShouldBeEmpty();

        await _processes.DieInTurnsOfAsync("a", TurnMarks.MaxDeaths - 1);

        _processes.Start().Convicted.ShouldBe(["a"]);
    }

    [Fact]
    public async Task Dispose_ProcessEndsByItself_NoTurnIsItsDeath()
    {
        for (int i = 0; i < TurnMarks.MaxDeaths; i++)
        {
            TurnMarks marks = _processes.Start();
            await marks.BeginAsync("a");
            marks.Dispose();
        }

        _processes.Start().IsSuspect("a").ShouldBeFalse();
    }

    [Fact]
    public async Task Begin_TwoThatWereInATurnAtEveryDeath_ComputeOneAfterTheOther()
    {
        for (int i = 0; i < TurnMarks.MaxDeaths - 1; i++)
        {
            TurnMarks dying = _processes.Start();
            await dying.BeginAsync("a");
            await dying.BeginAsync("b");
            _processes.Die();
        }

        TurnMarks marks = _processes.Start();
        TurnMark first = await marks.BeginAsync("a");
        Task<TurnMark> second = marks.BeginAsync("b").AsTask();

        (await marks.BeginAsync("c")).Done();
        second.IsCompleted.ShouldBeFalse();
        first.Done();
        (await second).Done();
        _processes.Die();
        _processes.Start().IsSuspect("b").ShouldBeFalse();
    }

    [Fact]
    public async Task Begin_ProcessDiesWhileOneComputesAlone_ConvictsThatOneOnly()
    {
        for (int i = 0; i < TurnMarks.MaxDeaths - 1; i++)
        {
            TurnMarks dying = _processes.Start();
            await dying.BeginAsync("a");
            await dying.BeginAsync("b");
            _processes.Die();
        }

        TurnMarks marks = _processes.Start();
        await marks.BeginAsync("a");
        ValueTask<TurnMark> waiting = marks.BeginAsync("b");
        _processes.Die();

        waiting.IsCompleted.ShouldBeFalse();
        _processes.Start().Convicted.ShouldBe(["a"]);
    }

    [Fact]
    public async Task Forget_OneThatNeverEndsItsTurn_LetsTheNextCompute()
    {
        await _processes.DieInTurnsOfAsync("a", TurnMarks.MaxDeaths - 1);
        TurnMarks marks = _processes.Start();
        TurnMark stuck = await marks.BeginAsync("a");

        marks.Forget("a");
        TurnMark again = await marks.BeginAsync("a");
        stuck.Dispose();
        _processes.Die();

        // The late end of the first turn is not the second one's.
        _processes.Start().IsSuspect("a").ShouldBeTrue();
        again.Done();
    }

    [Fact]
    public async Task ForgetOthers_SuspectsThatAreGone_GiveTheirPlacesBack()
    {
        await _processes.DieInTurnsOfAsync("gone", TurnMarks.MaxDeaths);
        await _processes.DieInTurnsOfAsync("there", 1);
        TurnMarks marks = _processes.Start();

        marks.ForgetOthers(["there"]);
        _processes.Die();

        TurnMarks next = _processes.Start();
        next.IsSuspect("gone").ShouldBeFalse();
        next.IsSuspect("there").ShouldBeTrue();
    }

    [Fact]
    public async Task Begin_ManyAtOnceAndLongIds_AreTurnsLikeOthers()
    {
        TurnMarks marks = _processes.Start();
        List<TurnMark> turns = [await marks.BeginAsync(new string('x', 10_000)), await marks.BeginAsync("é")];
        for (int i = 0; i < 2_000; i++)
        {
            turns.Add(await marks.BeginAsync($"{i}"));
        }

        _processes.Die();
        turns.ForEach(turn => turn.Done());

        TurnMarks next = _processes.Start();
        next.IsSuspect("é").ShouldBeTrue();
        next.IsSuspect("0").ShouldBeTrue();
    }

    [Fact]
    public async Task Open_FileThatSaysNothing_IsAnEmptyOne()
    {
        byte[] noise = new byte[100_000];
        new Random(1).NextBytes(noise);
        await File.WriteAllBytesAsync(_processes.Path, noise);

        TurnMarks marks = _processes.Start();

        marks.Convicted.ShouldBeEmpty();
        (await marks.BeginAsync("a")).Done();
    }
}
