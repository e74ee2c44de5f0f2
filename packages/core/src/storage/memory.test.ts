import { memory } from './memory.js'
import { describeTokenStorage } from './token-storage.contract.js'

// Who only needs the sign-in keeps nothing.
describeTokenStorage('memory()', memory)
