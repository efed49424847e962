namespace Serverless.Storage.Tests;

/// <summary>A folder that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("serverless-storage-");

    public string Database => Path.Combine(_folder.FullName, "data", "store.db");

    public void Dispose() => _folder.Delete(recursive: true);
}
