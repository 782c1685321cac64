export function App() {
  return <h1>zkcmp</h1>;
}
