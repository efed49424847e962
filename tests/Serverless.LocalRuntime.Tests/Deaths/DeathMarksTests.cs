using Serverless.LocalRuntime.Deaths;

namespace Serverless.LocalRuntime.Tests.Deaths;

public sealed class DeathMarksTests : IDisposable
{
    private readonly MarksOfProcesses _processes = new();

    public void Dispose() => _processes.Dispose();

    [Theory]
    [InlineData(1, false)]
    [InlineData(DeathMarks.MaxDeaths - 1, false)]
    [InlineData(DeathMarks.MaxDeaths, true)]
    [InlineData(DeathMarks.MaxDeaths + 1, true)]
    public async Task Convicted_ProcessesDiedInItsTurns_FromTheThirdOn(int deaths, bool expected)
    {
        await _processes.DieInTurnsOfAsync("a", deaths);

        var marks = _processes.Start();

        marks.IsSuspect("a").ShouldBeTrue();
        marks.Convicted.ShouldBe(expected ? ["a"] : []);
    }

    [Fact]
    public async Task Done_AfterDeaths_ForgetsThem()
    {
        await _processes.DieInTurnsOfAsync("a", DeathMarks.MaxDeaths - 1);
        (await _processes.StartCalmly().BeginAsync("a")).Done();
        _processes.Die();

        await _processes.DieInTurnsOfAsync("a", 1);

        _processes.Start().Convicted.ShouldBeEmpty();
    }

    [Fact]
    public async Task Dispose_WithoutAnEnd_NeitherCountsNorForgets()
    {
        await _processes.DieInTurnsOfAsync("a", 1);
        (await _processes.StartCalmly().BeginAsync("a")).Dispose();
        _processes.Die();
        _processes.Start().Convicted.ShouldBeEmpty();

        await _processes.DieInTurnsOfAsync("a", DeathMarks.MaxDeaths - 1);

        _processes.Start().Convicted.ShouldBe(["a"]);
    }

    [Fact]
    public async Task Dispose_ProcessEndsByItself_NoTurnIsItsDeath()
    {
        for (var i = 0; i < DeathMarks.MaxDeaths; i++)
        {
            var marks = _processes.StartCalmly();
            await marks.BeginAsync("a");
            marks.Dispose();
        }

        _processes.Start().IsSuspect("a").ShouldBeFalse();
    }

    [Fact]
    public async Task Begin_TwoThatWereInATurnAtEveryDeath_ComputeOneAfterTheOther()
    {
        for (var i = 0; i < DeathMarks.MaxDeaths - 1; i++)
        {
            var dying = _processes.StartCalmly();
            await dying.BeginAsync("a");
            await dying.BeginAsync("b");
            _processes.Die();
        }

        var marks = _processes.StartCalmly();
        var first = await marks.BeginAsync("a");
        var second = marks.BeginAsync("b");

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
        for (var i = 0; i < DeathMarks.MaxDeaths - 1; i++)
        {
            var dying = _processes.StartCalmly();
            await dying.BeginAsync("a");
            await dying.BeginAsync("b");
            _processes.Die();
        }

        var marks = _processes.StartCalmly();
        await marks.BeginAsync("a");
        var waiting = marks.BeginAsync("b");
        _processes.Die();

        waiting.IsCompleted.ShouldBeFalse();
        _processes.Start().Convicted.ShouldBe(["a"]);
    }

    [Fact]
    public async Task Forget_OneThatNeverEndsItsTurn_LetsTheNextCompute()
    {
        await _processes.DieInTurnsOfAsync("a", DeathMarks.MaxDeaths - 1);
        var marks = _processes.StartCalmly();
        var stuck = await marks.BeginAsync("a");

        marks.Forget("a");
        var again = await marks.BeginAsync("a");
        stuck.Dispose();
        _processes.Die();

        // The late end of the first turn is not the second one's.
        _processes.Start().IsSuspect("a").ShouldBeTrue();
        again.Done();
    }

    [Fact]
    public async Task ForgetOthers_SuspectsThatAreGone_GiveTheirPlacesBack()
    {
        await _processes.DieInTurnsOfAsync("gone", DeathMarks.MaxDeaths);
        await _processes.DieInTurnsOfAsync("there", 1);
        var marks = _processes.Start();

        marks.ForgetOthers(["there"]);
        _processes.Die();

        var next = _processes.Start();
        next.IsSuspect("gone").ShouldBeFalse();
        next.IsSuspect("there").ShouldBeTrue();
    }

    [Fact]
    public async Task Begin_ManyAtOnceAndLongIds_AreTurnsLikeOthers()
    {
        var marks = _processes.Start();
        List<DeathMark> turns = [await marks.BeginAsync(new string('x', 10_000)), await marks.BeginAsync("é")];
        for (var i = 0; i < 2_000; i++)
        {
            turns.Add(await marks.BeginAsync($"{i}"));
        }

        _processes.Die();
        turns.ForEach(turn => turn.Done());

        var next = _processes.Start();
        next.IsSuspect("é").ShouldBeTrue();
        next.IsSuspect("0").ShouldBeTrue();
    }

    [Fact]
    public async Task Open_FileThatSaysNothing_IsAnEmptyOne()
    {
        var noise = new byte[100_000];
        new Random(1).NextBytes(noise);
        await File.WriteAllBytesAsync(_processes.Path, noise);

        var marks = _processes.Start();

        marks.Convicted.ShouldBeEmpty();
        (await marks.BeginAsync("a")).Done();
    }

    [Fact]
    public async Task Admit_ProcessHasNotLivedForAWhile_WhatRanAtTwoDeathsWaits()
    {
        await _processes.DieInTurnsOfAsync("a", DeathMarks.MaxDeaths - 1);
        var marks = _processes.Start();
        var waiting = marks.BeginAsync("a");

        _processes.Clock.Advance(DeathMarks.Calm - TimeSpan.FromMilliseconds(1));
        var before = waiting.IsCompleted;
        _processes.Clock.Advance(TimeSpan.FromMilliseconds(1));

        before.ShouldBeFalse();
        (await waiting).IsAlone.ShouldBeTrue();
    }

    [Fact]
    public async Task Convicted_ProcessesAreKilledAgainAndAgainSoonAfterTheirStart_Nobody()
    {
        for (var i = 0; i < 20; i++)
        {
            var marks = _processes.Start();
            for (var turn = 0; turn < 100; turn++)
            {
                _ = marks.BeginAsync($"{turn}");
            }

            _processes.Clock.Advance(DeathMarks.Calm / 2);
            _processes.Die();
        }

        _processes.Start().Convicted.ShouldBeEmpty();
    }

    [Fact]
    public async Task Look_WhatHasRunForLong_IsNoSuspectAndForgetsItsDeaths()
    {
        var watch = TimeSpan.FromSeconds(30);
        await _processes.DieInTurnsOfAsync("a", DeathMarks.MaxDeaths - 1);
        var marks = _processes.Start(watch);
        _processes.Clock.Advance(DeathMarks.Calm);
        await marks.BeginAsync("a");
        var young = marks.BeginAsync("young");

        _processes.Clock.Advance(watch);
        (await marks.BeginAsync("younger")).IsAlone.ShouldBeFalse();
        _processes.Die();

        var next = _processes.Start();
        next.Suspects.ShouldBe(["younger"]);
        (await young).Done();
    }

    [Fact]
    public async Task Look_WhatRunsAloneForLong_LetsTheNextRun()
    {
        for (var i = 0; i < DeathMarks.MaxDeaths - 1; i++)
        {
            var dying = _processes.Start();
            await dying.BeginAsync("a");
            await dying.BeginAsync("b");
            _processes.Die();
        }

        var watch = TimeSpan.FromSeconds(30);
        var marks = _processes.Start(watch);
        _processes.Clock.Advance(DeathMarks.Calm);
        await marks.BeginAsync("a");
        var second = marks.BeginAsync("b");
        var before = second.IsCompleted;

        _processes.Clock.Advance(watch);

        before.ShouldBeFalse();
        (await second).IsAlone.ShouldBeTrue();
    }

    [Fact]
    public async Task Withdraw_ProcessIsToldToEndAndThenKilled_CountsNoDeath()
    {
        for (var i = 0; i < DeathMarks.MaxDeaths; i++)
        {
            var marks = _processes.StartCalmly();
            await marks.BeginAsync("a");
            marks.Withdraw();
            await marks.BeginAsync("late");
            _processes.Die();
        }

        _processes.Start().Suspects.ShouldBeEmpty();
    }

    [Fact]
    public async Task Withdraw_OneWaitsToBeAlone_LetsItGo()
    {
        await _processes.DieInTurnsOfAsync("a", DeathMarks.MaxDeaths - 1);
        var marks = _processes.Start();
        var waiting = marks.BeginAsync("a");

        marks.Withdraw();

        (await waiting).IsAlone.ShouldBeFalse();
        _processes.Die();
        _processes.Start().DeathsOf("a").ShouldBe(DeathMarks.MaxDeaths - 1);
    }

    [Fact]
    public async Task NewlyConvicted_SecondStartAfterTheLastDeath_IsEmpty()
    {
        await _processes.DieInTurnsOfAsync("a", DeathMarks.MaxDeaths);
        var first = _processes.Start().NewlyConvicted;
        _processes.Die();

        var second = _processes.Start();

        first.ShouldBe(["a"]);
        second.NewlyConvicted.ShouldBeEmpty();
        second.Convicted.ShouldBe(["a"]);
    }
}
