import { connectToResource, type ResourceConnection, type StepUpPrompt } from '@latchkey/core'
import { clientMetadataUrl } from 'virtual:latchkey'

/** Called when a tool needs a wider scope than the user has agreed to. */
type OnStepUp = (prompt: StepUpPrompt) => void

/** Finds the authorization server of the MCP server, and the session that this browser may have there. */
export function connectToNotes(onStepUp: OnStepUp): Promise<ResourceConnection> {
  return connectToResource(new URL('/mcp', location.origin).href, { clientMetadataUrl, stepUp: 'popup', onStepUp })
}
