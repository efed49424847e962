// The function app on Flex Consumption, with its settings. Nothing in them is a secret.

@description('Name of the app: at most 32 characters, or host ids of two apps on one account could be the same.')
@maxLength(32)
param name string

@description('Name of the plan. A Flex Consumption plan holds one app.')
param planName string

@description('Region of app and plan.')
param location string

@description('Tags of app and plan.')
param tags { *: string }

@description('Resource id of the identity that the app runs under.')
param identityId string

@description('Client id of that identity.')
param identityClientId string

@description('Account of rows, blobs and queues.')
param storageAccountName string

@description('Address of the blob container with the deployed package.')
param deploymentContainerUri string

@description('Where telemetry goes.')
param insightsConnectionString string

@description('Address of the Durable Task Scheduler; empty to keep orchestrations in the storage account.')
param schedulerEndpoint string

@description('Task hub in that scheduler.')
param taskHubName string

@description('Spreads instances over zones.')
param zoneRedundant bool

@description('Memory of an instance in MB.')
param instanceMemoryMB int

@description('How many instances the app may grow to.')
param maximumInstanceCount int

@description('HTTP requests that one instance takes at a time; 0 leaves it to the platform.')
param httpConcurrency int

@description('Instances that are always on, as { name, instanceCount }.')
param alwaysReady { name: string, instanceCount: int }[]

@description('Schedule of SweepOutbox.')
param outboxSweepSchedule string

@description('Schedule of SweepFlowRuns.')
param flowRunSweepSchedule string

@description('Schedule of SweepStorage.')
param storageSweepSchedule string

@description('Schedule of SweepSlots.')
param slotSweepSchedule string

@description('Schedule of MarkLateRuns and FailExpiredPauses.')
param dueRunSchedule string

@description('Schedule of ApplyRetention.')
param retentionSchedule string

@description('Schedule of ScheduleDeployments.')
param schedulerSchedule string

// Flex Consumption takes runtime, version and package from functionAppConfig and refuses the settings that said so before.
var settings = {
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  AzureWebJobsStorage__accountName: storageAccountName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  OutboxSweepSchedule: outboxSweepSchedule
  FlowRunSweepSchedule: flowRunSweepSchedule
  StorageSweepSchedule: storageSweepSchedule
  SlotSweepSchedule: slotSweepSchedule
  DueRunSchedule: dueRunSchedule
  RetentionSchedule: retentionSchedule
  SchedulerSchedule: schedulerSchedule
}

// host.json names the Azure Storage provider. These override it, under the names that the Functions host gives its sections.
var schedulerSettings = {
  DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${schedulerEndpoint};Authentication=ManagedIdentity;ClientID=${identityClientId}'
  AzureFunctionsJobHost__extensions__durableTask__hubName: taskHubName
  AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'azureManaged'
  AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { tier: 'FlexConsumption', name: 'FC1' }
  properties: {
    reserved: true // Linux, the only system that the plan has
    zoneRedundant: zoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    siteConfig: { minTlsVersion: '1.2' }
    functionAppConfig: {
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: deploymentContainerUri
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReady
        triggers: httpConcurrency > 0 ? { http: { perInstanceConcurrency: httpConcurrency } } : null
      }
    }
  }
}

resource appSettings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'appsettings'
  properties: empty(schedulerEndpoint) ? settings : union(settings, schedulerSettings)
}

// Deployment signs in with Entra: no publishing user name and password.
resource ftpPublishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'ftp'
  properties: { allow: false }
}

resource scmPublishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'scm'
  properties: { allow: false }
}

@description('Name of the app.')
output name string = app.name

@description('Address of the app.')
output uri string = 'https://${app.properties.defaultHostName}'
