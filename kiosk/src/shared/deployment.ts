const quietKey = 'serviceeval.reloadedAt';
const quietTime = 10 * 60_000;

/**
 * Reloads the page if the server now serves another build of the page. The page reloads at most once every ten minutes,
 * because old and new pages alternate while nodes are upgraded one by one.
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
    // The server is lost again. The next time it answers, this function is called again.
  }
}

function moduleScript(page: Document): string | null {
  return page.querySelector('script[type="module"][src]')?.getAttribute('src') ?? null;
}

function quietTimeLeft(): number {
  return Number(sessionStorage.getItem(quietKey) ?? 0) + quietTime - Date.now();
}
