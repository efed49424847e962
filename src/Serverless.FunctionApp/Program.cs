using Serverless.Functions.Hosting;
using Serverless.Functions.TaskRuns;
using Serverless.Samples;

return await ServerlessFunctionsApp.RunAsync(
    args,
    flows => flows.AddAssembly(typeof(HelloFlow).Assembly),
    services => services.AddSampleServices(BlobResultStorage.InAppsAccount("sample-results"))
);
