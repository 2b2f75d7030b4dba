/** That every policy which tierwall writes has. */
export const policyLabels = { 'app.kubernetes.io/managed-by': 'tierwall' } as const;
