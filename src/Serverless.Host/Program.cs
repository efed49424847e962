using Serverless.Host;
using Serverless.Samples;

return await ServerlessHost.RunAsync(
    args,
    flows => flows.AddAssembly(typeof(HelloFlow).Assembly),
    services => services.AddSampleServices()
);
