using Azure.Core;

namespace Azure.Data.Tables;

public class TableClientOptions : ClientOptions
{
    public TableClientOptions(ServiceVersion serviceVersion = ServiceVersion.V2020_12_06)
    {
        VersionText = serviceVersion switch
        {
            ServiceVersion.V2019_02_02 => "2019-02-02",
            ServiceVersion.V2020_12_06 => "2020-12-06",
            _ => throw new ArgumentException("The version of the service is not supported by this client.", nameof(serviceVersion)),
        };

        // What may be logged: none of it is a secret.
        foreach (string header in (string[])["x-ms-version", "DataServiceVersion", "MaxDataServiceVersion", "Prefer", "Preference-Applied", "x-ms-continuation-NextTableName"])
        {
            Diagnostics.LoggedHeaderNames.Add(header);
        }

        foreach (string name in (string[])["$format", "$top", "$select", "$filter"])
        {
            Diagnostics.LoggedQueryParameters.Add(name);
        }
    }

    public enum ServiceVersion
    {
        V2019_02_02 = 1,
        V2020_12_06 = 2,
    }

    internal string VersionText { get; }
}
