namespace Serverless.Web.Forms;

/// <summary>How a value is entered.</summary>
public enum FieldKind
{
    /// <summary>A line of text.</summary>
    Text,

    /// <summary>A whole number.</summary>
    WholeNumber,

    /// <summary>A number.</summary>
    Number,

    /// <summary>Yes or no.</summary>
    Boolean,

    /// <summary>One of some values.</summary>
    Choice,

    /// <summary>A day.</summary>
    Date,

    /// <summary>Several values of its own.</summary>
    Group,

    /// <summary>Anything else: as JSON.</summary>
    Json,
}
