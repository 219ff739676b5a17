import { make, named } from '../shared/elements';
import { words } from './words';

/** How to rate: the hall's QR code. */
export class Invitation {
  private readonly address: string;
  private image = this.makeImage();
  readonly element = make('section.invitation', make('h2', words.scan), make('div.code', this.image));

  constructor(hall: string) {
    this.address = `/h/${encodeURIComponent(hall)}/qr.svg`;
    this.refresh();
  }

  /** The code shown stays until a new one is there: an answer that fails must not leave a hole. */
  refresh(): void {
    const next = this.makeImage();
    next.onload = () => {
      this.image.replaceWith(next);
      this.image = next;
    };
    next.src = `${this.address}?at=${Date.now()}`;
  }

  private makeImage(): HTMLImageElement {
    const image = new Image();
    image.alt = words.qrAlternative;
    return named('qr', image);
  }
}
