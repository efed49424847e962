using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Serverless.Web.Http;

/// <summary>Renders a component with what it shows, and hands down what is known of the request.</summary>
internal sealed class PageRoot : ComponentBase
{
    /// <summary>What is known of the request.</summary>
    [Parameter]
    public required PageContext Page { get; set; }

    /// <summary>The component.</summary>
    [Parameter]
    public required Type Component { get; set; }

    /// <summary>What it shows.</summary>
    [Parameter]
    public required object Model { get; set; }

    public static ParameterView Parameters(PageContext page, Type component, object model) =>
        ParameterView.FromDictionary(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(Page)] = page,
                [nameof(Component)] = component,
                [nameof(Model)] = model,
            }
        );

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.OpenComponent<CascadingValue<PageContext>>(0);
        builder.AddComponentParameter(1, nameof(CascadingValue<PageContext>.Value), Page);
        builder.AddComponentParameter(2, nameof(CascadingValue<PageContext>.IsFixed), true);
        builder.AddComponentParameter(
            3,
            nameof(CascadingValue<PageContext>.ChildContent),
            (RenderFragment)(
                content =>
                {
                    content.OpenComponent(0, Component);
                    content.AddComponentParameter(1, nameof(Model), Model);
                    content.CloseComponent();
                }
            )
        );
        builder.CloseComponent();
    }
}
