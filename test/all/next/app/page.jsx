import { Suspense } from 'react'
import { Greeting, Status } from './greeting.jsx'

export default function Page() {
  return (
    <>
      <h1>Static</h1>
      <Status />
      <Suspense fallback={<p>Restoring</p>}>
        <Greeting />
      </Suspense>
    </>
  )
}
