using System.Reflection;
using System.Runtime.Loader;
using Serverless.Flows.Caching;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests.Caching;

public sealed class MethodSourceTests
{
    [Theory]
    [InlineData("<>c__DisplayClass3_0", "<>c__DisplayClass")]
    [InlineData("<Run>b__3_1", "<Run>b__")]
    [InlineData("<Run>g__Local|3_0", "<Run>g__Local|")]
    [InlineData("<Run>d__14", "<Run>d__")]
    [InlineData("<>9__3_0", "<>")]
    [InlineData("System.Collections.Generic.List`1[Item2]", "System.Collections.Generic.List`1[Item2]")]
    public void Unnumbered_NameThatTheCompilerMade_IsWithoutItsNumbers(string name, string expected) =>
        MethodSource.Unnumbered(name).ShouldBe(expected);

    [Theory]
    [InlineData(nameof(First.Constant))]
    [InlineData(nameof(First.AsynchronousAsync))]
    [InlineData(nameof(First.Lambda))]
    [InlineData(nameof(First.Capturing))]
    [InlineData(nameof(First.LocalFunction))]
    [InlineData(nameof(First.Text))]
    [InlineData(nameof(First.Caught))]
    public void HashOf_MethodThatDiffersInOnePlace_Differs(string method)
    {
        Text<First>(method).ShouldBe(Text<SameElsewhere>(method));
        Text<First>(method).ShouldNotBe(Text<Changed>(method));
    }

    [Fact]
    public void HashOf_SameAssemblyLoadedAgain_IsTheSame()
    {
        AssemblyLoadContext other = new("other", isCollectible: true);
        var again = other.LoadFromAssemblyPath(typeof(MethodSourceTests).Assembly.Location).GetType(typeof(First).FullName!)!;

        MethodSource
            .HashOf(again.GetMethod(nameof(First.AsynchronousAsync))!)
            .ShouldBe(MethodSource.HashOf(typeof(First).GetMethod(nameof(First.AsynchronousAsync))!));
    }

    /// <summary>Without the names of the classes, which are part of a task's key anyway.</summary>
    private static string Text<T>(string method) =>
        MethodSource.TextOf(typeof(T).GetMethod(method)!).Replace(typeof(T).Name, "C", StringComparison.Ordinal);

    private static class Parts
    {
        internal static int Twice(Func<int, int> f) => f(f(1));
    }

    public sealed class First
    {
        public static int Constant(int n) => n + 1;

        public static async Task<int> AsynchronousAsync(int n)
        {
            await Task.Yield();
            return n + 1;
        }

        public static int Lambda() => Parts.Twice(n => n + 1);

        public static int Capturing(int m) => Parts.Twice(n => n + m + 1);

        public static int LocalFunction()
        {
            return Local(1);
            static int Local(int n) => n + 1;
        }

        public static string Text() => "one";

        public static int Caught(string s)
        {
            try
            {
                return int.Parse(s);
            }
            catch (FormatException)
            {
                return 0;
            }
        }
    }

    /// <summary>The same methods among others, which give what the compiler makes for them other numbers.</summary>
    public sealed class SameElsewhere
    {
        public static int Before() => Parts.Twice(n => n * 5) + Parts.Twice(n => n * 6);

        public static string Text() => "one";

        public static int Caught(string s)
        {
            try
            {
                return int.Parse(s);
            }
            catch (FormatException)
            {
                return 0;
            }
        }

        public static int LocalFunction()
        {
            return Local(1);
            static int Local(int n) => n + 1;
        }

        public static int Capturing(int m) => Parts.Twice(n => n + m + 1);

        public static int Between(int m) => Parts.Twice(n => n * m);

        public static int Lambda() => Parts.Twice(n => n + 1);

        public static async Task<int> AsynchronousAsync(int n)
        {
            await Task.Yield();
            return n + 1;
        }

        public static int Constant(int n) => n + 1;
    }

    public sealed class Changed
    {
        public static int Constant(int n) => n + 2;

        public static async Task<int> AsynchronousAsync(int n)
        {
            await Task.Yield();
            return n + 2;
        }

        public static int Lambda() => Parts.Twice(n => n + 2);

        public static int Capturing(int m) => Parts.Twice(n => n + m + 2);

        public static int LocalFunction()
        {
            return Local(1);
            static int Local(int n) => n + 2;
        }

        public static string Text() => "two";

        public static int Caught(string s)
        {
            try
            {
                return int.Parse(s);
            }
            catch (OverflowException)
            {
                return 0;
            }
        }
    }
}
