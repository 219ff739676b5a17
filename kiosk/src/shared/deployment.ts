const quietKey = 'serviceeval.reloadedAt';
const quietTime = 10 * 60_000;

/**
 * Loads the page anew when the server has come back with another build of it. Not more often than every ten minutes:
 * while nodes are upgraded one by one, old and new pages alternate.
 */
export async function reloadIfDeployed(): Promise<void> {
  try {
    const response = await fetch(location.pathname, { cache: 'no-store' });
    if (!response.ok) return;
    const served = moduleScript(new DOMParser().parseFromString(await response.text(), 'text/html'));
    if (served === null || served === moduleScript(document)) return;
    const quiet = quietTimeLeft();
    if (quiet > 0) {
      setTimeout(() => void reloadIfDeployed(), quiet);
      return;
    }
    sessionStorage.setItem(quietKey, String(Date.now()));
    location.reload();
  } catch {
    // Gone again: the next return asks anew.
  }
}

function moduleScript(page: Document): string | null {
  return page.querySelector('script[type="module"][src]')?.getAttribute('src') ?? null;
}

function quietTimeLeft(): number {
  return Number(sessionStorage.getItem(quietKey) ?? 0) + quietTime - Date.now();
}
