import { relayCallback } from '@latchkey/core/callback'

await relayCallback()
