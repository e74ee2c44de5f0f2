export { toTrpcGuard, type TrpcGuard, type TrpcGuardContext, type TrpcGuardResult } from './guards/trpc-guard.js'
