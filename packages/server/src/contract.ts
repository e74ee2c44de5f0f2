export { oauth1HooksContract } from './features/oauth1/oauth1-contract.js'
export {
  accessTokenStoreContract,
  atomicStoreContract,
  authCodeStoreContract,
  clientStoreContract,
  storeContract,
  type ContractCase,
} from './storage/store-contract.js'
