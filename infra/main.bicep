// The whole deployment: a resource group with the function app and all that it needs. `azd up` deploys this file;
// infra/README.md says what each part is for and what it costs.
targetScope = 'subscription'

@description('Name of the environment, as in `azd env new`. Names of resources derive from it.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Azure region of all resources. It must offer Flex Consumption with .NET 10.')
@minLength(1)
param location string

@description('Tags of every resource, beside the ones that azd looks for.')
param tags { *: string } = {}

@description('Redundancy of the storage account: Standard_LRS, or Standard_ZRS to outlive a zone, Standard_GRS or Standard_GZRS to outlive a region.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSku string = 'Standard_LRS'

@description('Spreads the app over the zones of the region. Combine it with a zone-redundant storageSku.')
param zoneRedundant bool = false

@description('Memory of an instance in MB; CPU follows it.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('How many instances the app may grow to: the upper bound of what it can cost.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 100

@description('HTTP requests that one instance takes at a time; 0 leaves it to the platform.')
@minValue(0)
@maxValue(1000)
param httpConcurrency int = 0

@description('Instances that are always on, as [{ name: \'http\' or \'durable\' or \'function:NAME\', instanceCount: 1 }]. Without them the app scales to zero.')
param alwaysReady { name: string, instanceCount: int }[] = []

@description('Who keeps the orchestrations: AzureStorage (the same account) or DurableTaskScheduler (a managed service of its own).')
@allowed(['AzureStorage', 'DurableTaskScheduler'])
param durableBackend string = 'AzureStorage'

@description('Billing of the Durable Task Scheduler: Consumption for each action, Dedicated for capacity units.')
@allowed(['Consumption', 'Dedicated'])
param schedulerSku string = 'Consumption'

@description('Capacity units of a Dedicated scheduler. Consumption has none.')
@minValue(1)
param schedulerCapacity int = 1

@description('IPv4 ranges that may call the scheduler. Callers need a role on it in any case; an empty list lets nobody in.')
param schedulerIpAllowlist string[] = ['0.0.0.0/0']

@description('When lost queue messages of the outbox are looked for (six-field NCRONTAB, UTC). It bounds how late a lost one is.')
param outboxSweepSchedule string = '0 * * * * *'

@description('When flow runs whose orchestration is gone are looked for (six-field NCRONTAB, UTC).')
param flowRunSweepSchedule string = '30 * * * * *'

@description('When unfinished commits and orphaned blobs are looked for (six-field NCRONTAB, UTC).')
param storageSweepSchedule string = '45 * * * * *'

@description('When slots of concurrency limits that nobody holds are looked for (six-field NCRONTAB, UTC).')
param slotSweepSchedule string = '15 * * * * *'

@description('When runs are looked for that have not begun in time, and pauses that are over (six-field NCRONTAB, UTC).')
param dueRunSchedule string = '20 * * * * *'

@description('When runs are looked for that are old enough to go (six-field NCRONTAB, UTC).')
param retentionSchedule string = '50 * * * * *'

@description('How often schedules are looked at, as an NCRONTAB expression with seconds.')
param schedulerSchedule string = '*/30 * * * * *'

@description('Days for which logs and telemetry are kept. The first 31 are part of the ingestion price.')
@minValue(30)
@maxValue(730)
param logRetentionInDays int = 30

@description('GB of logs and telemetry a day after which Log Analytics takes no more until the next day; -1 for no limit.')
param dailyLogLimitInGB int = 5

@description('Storage requests that are logged one by one: StorageRead, StorageWrite, StorageDelete. Each is billed as log data; metrics are always on.')
param storageLogCategories ('StorageRead' | 'StorageWrite' | 'StorageDelete')[] = ['StorageDelete']

@description('Sends the app\'s log lines to the workspace too, beside Application Insights: billed twice, but there when telemetry is not.')
param logAppTwice bool = false

var token = toLower(uniqueString(subscription().id, environmentName, location))
var allTags = union(tags, { 'azd-env-name': environmentName })
var useScheduler = durableBackend == 'DurableTaskScheduler'
var schedulerName = useScheduler ? 'dts-${token}' : ''

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: allTags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: {
    name: 'id-${token}'
    location: location
    tags: allTags
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: 'st${token}'
    location: location
    tags: allTags
    sku: storageSku
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    workspaceName: 'log-${token}'
    insightsName: 'appi-${token}'
    location: location
    tags: allTags
    retentionInDays: logRetentionInDays
    dailyLimitInGB: dailyLogLimitInGB
  }
}

module scheduler 'modules/durable-task-scheduler.bicep' = if (useScheduler) {
  scope: group
  params: {
    name: 'dts-${token}'
    location: location
    tags: allTags
    sku: schedulerSku
    capacity: schedulerCapacity
    ipAllowlist: schedulerIpAllowlist
  }
}

module roles 'modules/roles.bicep' = {
  scope: group
  params: {
    principalId: identity.outputs.principalId
    storageAccountName: storage.outputs.name
    insightsName: monitoring.outputs.insightsName
    schedulerName: schedulerName
  }
  dependsOn: [scheduler]
}

module api 'modules/function-app.bicep' = {
  scope: group
  params: {
    name: 'func-${token}'
    planName: 'plan-${token}'
    location: location
    tags: allTags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageAccountName: storage.outputs.name
    deploymentContainerUri: storage.outputs.deploymentContainerUri
    insightsConnectionString: monitoring.outputs.connectionString
    schedulerEndpoint: useScheduler ? scheduler!.outputs.endpoint : ''
    taskHubName: useScheduler ? scheduler!.outputs.taskHubName : ''
    zoneRedundant: zoneRedundant
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    httpConcurrency: httpConcurrency
    alwaysReady: alwaysReady
    outboxSweepSchedule: outboxSweepSchedule
    flowRunSweepSchedule: flowRunSweepSchedule
    storageSweepSchedule: storageSweepSchedule
    slotSweepSchedule: slotSweepSchedule
    dueRunSchedule: dueRunSchedule
    retentionSchedule: retentionSchedule
    schedulerSchedule: schedulerSchedule
  }
  dependsOn: [roles]
}

module diagnostics 'modules/diagnostics.bicep' = {
  scope: group
  params: {
    workspaceId: monitoring.outputs.workspaceId
    storageAccountName: storage.outputs.name
    functionAppName: api.outputs.name
    storageLogCategories: storageLogCategories
    logApp: logAppTwice
  }
}

@description('Region of the resources.')
output AZURE_LOCATION string = location

@description('Tenant of the managed identity.')
output AZURE_TENANT_ID string = tenant().tenantId

@description('The resource group, where azd looks for the app.')
output AZURE_RESOURCE_GROUP string = group.name

@description('Name of the function app, which azd deploys the service `api` to.')
output SERVICE_API_NAME string = api.outputs.name

@description('Address of the REST API.')
output SERVICE_API_URI string = '${api.outputs.uri}/api'

@description('Storage account of state, outbox, histories and the deployed package.')
output AZURE_STORAGE_ACCOUNT_NAME string = storage.outputs.name

@description('The Durable Task Scheduler, or nothing with the AzureStorage backend.')
output DURABLE_TASK_SCHEDULER_NAME string = schedulerName
