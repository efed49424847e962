// What the app's identity may do, each on one resource only. infra/README.md says why it needs each; the check compares the two.

@description('Object id of the identity.')
param principalId string

@description('The account with rows, blobs and queues.')
param storageAccountName string

@description('The Application Insights resource.')
param insightsName string

@description('The Durable Task Scheduler; empty without one.')
param schedulerName string

var storageRoles = {
  'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  'Storage Queue Data Contributor': '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  'Storage Table Data Contributor': '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
}

var insightsRoles = {
  'Monitoring Metrics Publisher': '3913510d-42f4-4e42-8a64-420c390055eb'
}

var schedulerRoles = {
  'Durable Task Data Contributor': '0ad04412-c4d5-4796-b79c-f76d14c8d402'
}

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: storageAccountName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource scheduler 'Microsoft.DurableTask/schedulers@2025-11-01' existing = {
  name: empty(schedulerName) ? 'none' : schedulerName // a reference only: nothing is asked of it without assignments
}

resource onStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in items(storageRoles): {
    name: guid(account.id, principalId, role.value)
    scope: account
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.value)
      description: role.key
    }
  }
]

resource onInsights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in items(insightsRoles): {
    name: guid(insights.id, principalId, role.value)
    scope: insights
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.value)
      description: role.key
    }
  }
]

resource onScheduler 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in items(schedulerRoles): if (!empty(schedulerName)) {
    name: guid(scheduler.id, principalId, role.value)
    scope: scheduler
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.value)
      description: role.key
    }
  }
]
