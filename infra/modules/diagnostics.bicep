// What Azure itself logs about the parts, sent to the workspace. The app's own logs and traces go to Application Insights.

@description('Workspace that takes the logs.')
param workspaceId string

@description('The storage account.')
param storageAccountName string

@description('The function app.')
param functionAppName string

@description('Storage requests that are logged.')
param storageLogCategories ('StorageRead' | 'StorageWrite' | 'StorageDelete')[]

@description('Whether the app\'s log lines are sent too; its metrics are in any case.')
param logApp bool

var name = 'to-log-analytics'
var storageLogs = [for category in storageLogCategories: { category: category, enabled: true }]

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: storageAccountName
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-01-01' existing = {
  parent: account
  name: 'default'
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices@2025-01-01' existing = {
  parent: account
  name: 'default'
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices@2025-01-01' existing = {
  parent: account
  name: 'default'
}

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionAppName
}

resource ofBlobs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: name
  scope: blobs
  properties: {
    workspaceId: workspaceId
    logs: storageLogs
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

resource ofQueues 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: name
  scope: queues
  properties: {
    workspaceId: workspaceId
    logs: storageLogs
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

resource ofTables 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: name
  scope: tables
  properties: {
    workspaceId: workspaceId
    logs: storageLogs
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

resource ofApp 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: name
  scope: app
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'FunctionAppLogs', enabled: logApp }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}
