import { signInsOf } from './page-sign-ins.js'

/** Lets other clients of the page wait for the work until it is settled. @param owner the client that does it @returns the work */
export function shareWork<T>(page: Window, name: string, owner: object, work: Promise<T>): Promise<T> {
  const signIns = signInsOf(page)
  const shared = (signIns[name] = Object.assign(
    work.then(() => undefined),
    { owner },
  ))
  const forget = (): void => {
    if (signIns[name] === shared) delete signIns[name]
  }
  shared.then(forget, forget)
  return work
}

/** @returns the work of another client of the page; undefined if there is none */
export function workOfOther(page: Window, name: string, owner: object): Promise<unknown> | undefined {
  const shared = signInsOf(page)[name]
  return shared?.owner === owner ? undefined : shared
}
