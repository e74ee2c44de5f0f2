// The modules that use oauth4webapi, which a bundler loads as a whole.
export { readChallenges } from './challenges.js'
export { checkEveryIdToken } from './id-token-checks.js'
