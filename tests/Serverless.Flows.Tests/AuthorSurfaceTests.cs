using System.Reflection;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests;

/// <summary>What authors see is in the one namespace that they use.</summary>
public sealed class AuthorSurfaceTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    public static TheoryData<Type> Types() =>
        [.. typeof(FlowContext).Assembly.GetExportedTypes().Where(type => type.Namespace == "Serverless.Flows")];

    [Theory]
    [MemberData(nameof(Types))]
    public void Member_OfAnAuthorsType_HasNoTypeOfTheServer(Type type)
    {
        var used = type.GetMembers(Declared)
            .Where(IsVisible)
            .SelectMany(member => TypesOf(member).SelectMany(Parts).Select(part => (Member: member.Name, Part: part)));

        used.Where(use => use.Part.Namespace?.StartsWith("Serverless.Core", StringComparison.Ordinal) == true).ShouldBeEmpty();
    }

    private static bool IsVisible(MemberInfo member) =>
        member switch
        {
            MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
            FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
            _ => false,
        };

    private static IEnumerable<Type> TypesOf(MemberInfo member) =>
        member switch
        {
            MethodInfo method => [method.ReturnType, .. method.GetParameters().Select(parameter => parameter.ParameterType)],
            ConstructorInfo constructor => constructor.GetParameters().Select(parameter => parameter.ParameterType),
            FieldInfo field => [field.FieldType],
            _ => [],
        };

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!) : [type, .. type.GetGenericArguments().SelectMany(Parts)];
}
