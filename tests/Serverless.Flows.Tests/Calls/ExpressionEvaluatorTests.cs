using System.Linq.Expressions;
using Serverless.Flows.Calls;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests.Calls;

public sealed class ExpressionEvaluatorTests
{
    private readonly int _field = 4;

    private string Property { get; } = "p";

    [Fact]
    public void Evaluate_CapturedVariablesAndMembers_ReadsThem()
    {
        var local = 3;
        var nested = (A: "x", B: new { C = 1.5m });
        string? nothing = null;
        Check(() => local, 3);
        Check(() => _field, 4);
        Check(() => Property, "p");
        Check(() => nested.B.C, 1.5m);
        Check(() => nothing, null);
        Check(() => int.MaxValue, int.MaxValue);
        Check(() => DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
    }

    [Fact]
    public void Evaluate_Conversions_KeepsTypeAndValue()
    {
        var number = 3;
        int? none = null;
        Check<object>(() => number, 3);
        Check<long>(() => number, 3L);
        Check<double>(() => number, 3d);
        Check<decimal>(() => number, 3m);
        Check<int?>(() => number, 3);
        Check<long?>(() => none, null);
        Check(() => (byte)(number + 254), (byte)1);
        Check(() => (DayOfWeek)number, DayOfWeek.Wednesday);
        Check(() => (long)(DayOfWeek)number, 3L);
    }

    [Fact]
    public void Evaluate_Operators_Computes()
    {
        var (i, d, s) = (7, 2.5m, "s");
        int? none = null;
        Check(() => i + 1, 8);
        Check(() => i - 10, -3);
        Check(() => i * i, 49);
        Check(() => i / 2, 3);
        Check(() => i % 4, 3);
        Check(() => d * 2, 5m);
        Check(() => s + i, "s7");
        Check(() => i > 3 && s == "s", true);
        Check(() => none ?? i, 7);
        Check(() => i > 3 ? "a" : "b", "a");
        Check(() => !(i > 3), false);
        Check(() => -i, -7);
    }

    [Fact]
    public void Evaluate_CallsAndConstruction_Runs()
    {
        var items = new[] { 1, 2, 3 };
        var map = new Dictionary<string, int>(StringComparer.Ordinal) { ["k"] = 9 };
        Check(() => items[1], 2);
        Check(() => map["k"], 9);
        Check(() => items.Length, 3);
        Check(() => string.Concat("a", "b"), "ab");
        Check(() => $"{items[0]}-{Property}", "1-p");
        Check(() => items.Where(item => item > 1).Sum(), 5);
        Check(() => new[] { items[0], 5 }.Length, 2);
        Check(() => new DateTime(2026, 1, items[1]).Day, 2);
        Check(() => TimeSpan.FromSeconds(items[2]), TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void Evaluate_FailingCode_ThrowsItsOwnException()
    {
        string? nothing = null;
        Should.Throw<NullReferenceException>(() => ExpressionEvaluator.Evaluate(Body(() => nothing!.Length)));
        Should.Throw<FormatException>(() => ExpressionEvaluator.Evaluate(Body(() => int.Parse("x"))));
    }

    private static Expression Body<T>(Expression<Func<T>> lambda) => lambda.Body;

    private static void Check<T>(Expression<Func<T>> lambda, T expected) => ExpressionEvaluator.Evaluate(lambda.Body).ShouldBe(expected);
}
