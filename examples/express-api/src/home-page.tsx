export function HomePage() {
  return <h1>Everyone can read this page</h1>
}
