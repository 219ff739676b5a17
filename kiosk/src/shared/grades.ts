/** The five grades in the order of the scale, best first. */
export const grades = ['verySatisfied', 'satisfied', 'basicallySatisfied', 'dissatisfied', 'veryDissatisfied'] as const;

export type Grade = (typeof grades)[number];

/** The official words of the grades. */
export const gradeWords: Record<Grade, string> = {
  verySatisfied: '非常满意',
  satisfied: '满意',
  basicallySatisfied: '基本满意',
  dissatisfied: '不满意',
  veryDissatisfied: '非常不满意',
};
