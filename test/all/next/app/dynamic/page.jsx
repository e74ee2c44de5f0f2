import { connection } from 'next/server'
import { Suspense } from 'react'
import { Greeting, Status } from '../greeting.jsx'

export default async function Page() {
  await connection()
  return (
    <>
      <h1>Dynamic</h1>
      <Status />
      <Suspense fallback={<p>Restoring</p>}>
        <Greeting />
      </Suspense>
    </>
  )
}
